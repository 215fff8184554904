"""Endpoints as an admin makes them; the secret is told once and rests sealed."""

import base64

import pytest
from flask import Flask
from sqlalchemy import select

from app.automation.webhooks.endpoints import (
    LONGEST_NAME,
    MOST,
    WITHDRAWN,
    Rejected,
    change,
    checked_url,
    disable,
    make,
    rotate,
)
from app.extensions import db, vault
from app.models import WebhookEndpoint
from app.tenancy import tenant_scope
from tests.automation.webhooks.conftest import endpoint_at
from tests.automation.webhooks.support import deliveries, endpoint, tell
from tests.support.beside import Beside
from tests.support.world import NOON, Business

URL = "https://hooks.test/kaivox"


def test_a_secret_has_32_random_bytes_and_rests_sealed(salon: Business) -> None:
    with tenant_scope(salon.id):
        first, secret = make("Till", URL, ["message.received"], NOON)
        _, other = make("Other", URL, [], NOON)
        sealed = first.secret_sealed
    assert secret != other and secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret not in sealed and vault().open(sealed) == secret


def test_a_rotation_keeps_the_former_secret_for_a_while(salon: Business) -> None:
    with tenant_scope(salon.id):
        one, first = make("Till", URL, [], NOON)
        second = rotate(one, NOON)
        third = rotate(one, NOON)
        assert first != second != third
        assert vault().open(one.old_secret_sealed or "") == second


def test_of_two_who_make_the_last_one_at_once_one_does(app: Flask, salon: Business) -> None:
    with tenant_scope(salon.id):
        there = len(db.session.scalars(select(WebhookEndpoint.id)).all())
        for number in range(there, MOST):
            make(f"Till {number}", URL, [], NOON)
        other = Beside(app, salon, lambda: make("One too many", URL, [], NOON))
        other.start()
        other.waits()
        db.session.commit()
    other.join()
    assert isinstance(other.error, Rejected)


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\x00", "x" * (LONGEST_NAME + 1)])
def test_a_name_is_a_name(salon: Business, name: str) -> None:
    with tenant_scope(salon.id), pytest.raises(Rejected, match="name"):
        make(name, URL, [], NOON)


def test_only_events_that_there_are_can_be_wanted(salon: Business) -> None:
    with tenant_scope(salon.id):
        one, _ = make("Till", URL, ["reply.read", "message.received", "reply.read"], NOON)
        assert one.event_types == ["message.received", "reply.read"]
        with pytest.raises(Rejected, match=r"no event user\.deleted"):
            change(one, "Till", URL, ["user.deleted"])


def test_a_business_has_so_many_and_no_more(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        for _ in range(MOST - len(db.session.scalars(select(WebhookEndpoint)).all())):
            make("Till", URL, [], NOON)
        with pytest.raises(Rejected, match="Remove one first"):
            make("Till", URL, [], NOON)
    with tenant_scope(garage.id):
        make("Till", URL, [], NOON)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "https://127.0.0.1/", "https://[::ffff:127.0.0.1]/"),
        *("https://169.254.169.254/latest", "https://10.0.0.1:8443/", "https://localhost/"),
        *("https://1.1.1.1:22/", "https://me@1.1.1.1/", "nonsense", ""),
    ],
)
def test_an_address_that_may_not_be_called_is_not_taken(salon: Business, url: str) -> None:
    with tenant_scope(salon.id), pytest.raises(Rejected):
        checked_url(url)


def test_an_address_that_may_be_called_is_taken_as_it_is(salon: Business) -> None:
    assert checked_url(" https://1.1.1.1:8443/hooks?a=1 ") == "https://1.1.1.1:8443/hooks?a=1"


def test_whoever_turns_one_off_takes_out_what_waits_for_it_alone(salon: Business) -> None:
    off, on = endpoint_at(salon, URL), endpoint_at(salon, URL)
    tell(salon, off, "evt_1")
    tell(salon, on, "evt_1")
    with tenant_scope(salon.id):
        assert disable(off, "Turned off by hand.", NOON)
        assert not disable(off, "Twice.", NOON)
        db.session.commit()
    (gone,), (waits,) = deliveries(salon, off), deliveries(salon, on)
    assert (gone.status, gone.error, waits.status) == ("failed", WITHDRAWN, "waiting")
    assert endpoint(salon, off).disabled_reason == "Turned off by hand."


def test_a_strangers_endpoint_is_not_turned_off(salon: Business, garage: Business) -> None:
    theirs = endpoint_at(garage, URL)
    with tenant_scope(salon.id):
        assert not disable(theirs, "Off.", NOON)
        db.session.commit()
    assert endpoint(garage, theirs).disabled_at is None
