"""/metrics is read from this machine or with its token, and tells nothing of anybody."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from app.extensions import db
from app.health import watch
from app.tenancy import tenant_scope
from tests.support.browser import Browser, visitor
from tests.support.streams import Streams
from tests.support.world import NOON, Business, hear

METRICS = "/metrics"
TOKEN = "a-token-of-the-tests-and-of-nobody-else"


@pytest.fixture
def with_token(app: Flask) -> Iterator[None]:
    before = app.extensions["settings"]
    secrets = replace(before._secrets, metrics_token=TOKEN)
    app.extensions["settings"] = replace(before, _secrets=secrets)
    yield
    app.extensions["settings"] = before


def asks(token: str = "", caller: str = "127.0.0.1", **headers: str) -> TestResponse:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        said["Authorization"] = f"Bearer {token}"
    return visitor().get(METRICS, headers=said, environ_base={"REMOTE_ADDR": caller})


def series(answer: TestResponse) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_this_machine_reads_it_and_prometheus_understands_it(
    streams: Streams, salon: Business
) -> None:
    with streams.page(salon.id, user_id=1):
        answer = asks()
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    told = series(answer)
    assert told["kaivox_up", (("server", "database"),)] == 1
    assert told["kaivox_up", (("server", "redis"),)] == 1
    assert told["kaivox_outbox_due", ()] == 0
    assert (told["kaivox_live_streams", ()], told["kaivox_live_deaf", ()]) == (1, 0)


@pytest.mark.parametrize(
    ("caller", "headers"),
    [
        ("192.0.2.7", {}),
        ("2001:db8::7", {}),
        ("", {}),
        # A proxy on this machine asks for somebody else, or is called by our public name.
        ("127.0.0.1", {"X_Forwarded_For": "127.0.0.1"}),
        ("127.0.0.1", {"X_Forwarded_For": ""}),
        ("127.0.0.1", {"X_Real_IP": "192.0.2.7"}),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}),
        ("127.0.0.1", {"Via": "1.1 proxy"}),
    ],
)
def test_nobody_else_reads_it_without_a_token(
    salon: Business, caller: str, headers: dict[str, str]
) -> None:
    answer = asks(caller=caller, **headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")
    assert "kaivox_" not in answer.text


def test_who_asks_by_our_public_name_is_no_program_of_this_machine(
    app: Flask, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["inbox.salon.co", "localhost"])
    assert asks(Host="inbox.salon.co").status_code == 401
    assert asks(Host="localhost:8000").status_code == 200


def test_the_token_opens_it_from_everywhere(with_token: None, salon: Business) -> None:
    assert asks(TOKEN, "192.0.2.7", X_Forwarded_For="198.51.100.9").status_code == 200
    assert asks().status_code == 200, "and this machine needs none"


@pytest.mark.parametrize("token", ["wrong", TOKEN[:-1], f"{TOKEN}x", "ü", "None"])
def test_a_wrong_token_opens_nothing_not_even_from_here(
    with_token: None, salon: Business, token: str
) -> None:
    assert asks(token).status_code == 401
    basic = visitor().get(METRICS, headers={"Authorization": f"Basic {TOKEN}"})
    assert basic.status_code == 401


@pytest.mark.parametrize("token", ["", "None", "x"])
def test_without_a_token_of_ours_none_is_right(salon: Business, token: str) -> None:
    assert asks(token, "192.0.2.7").status_code == 401
    empty = {"Authorization": "Bearer "}
    there = {"REMOTE_ADDR": "192.0.2.7"}
    assert visitor().get(METRICS, headers=empty, environ_base=there).status_code == 401


def test_who_guesses_again_and_again_is_put_off(salon: Business) -> None:
    told = [asks("guess", "192.0.2.7").status_code for _ in range(61)]
    assert told == [401] * 60 + [429]


def test_a_route_is_told_by_its_rule_and_an_address_that_is_none_as_none(
    admin: Browser, salon: Business
) -> None:
    for path in (f"/messages/{salon.customer_id}", "/nothing/here", '/x"} 1\nkaivox_evil{a="'):
        admin.get(path)
    visitor().post("/api/twilio/salon/sms", data={"From": salon.customer_number})
    visitor().post("/api/twilio/nobody/sms")
    text = asks().text
    told = series(asks())
    pages = "kaivox_page_seconds_count"
    assert told[pages, (("route", "/messages/<int:customer_id>"), ("status", "2xx"))] >= 1
    assert told[pages, (("route", "none"), ("status", "4xx"))] >= 1
    refused = (("route", "/api/twilio/<slug>/sms"), ("status", "4xx"))
    assert told["kaivox_webhook_seconds_count", refused] >= 2
    assert "kaivox_evil" not in text


def test_nothing_of_a_business_or_a_customer_is_in_it(
    admin: Browser, salon: Business, garage: Business
) -> None:
    hear(salon, "A very private text")
    with tenant_scope(salon.id):
        watch.business(NOON)
    db.session.remove()
    for path in (f"/messages/{salon.customer_id}", "/messages?q=private", "/admin/health/"):
        admin.get(path)
    # A route is how an address is made, and no address.
    text = re.sub('route="[^"]*"', "", asks().text.lower())
    for word in (salon.slug, "bella", "private", "2125550142", "4155550100", garage.slug, "tenant"):
        assert word not in text, word
    assert 'kaivox_health_checks{check="waiting",scope="business",state="ok"} 1.0' in text
