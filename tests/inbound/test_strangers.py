"""Whoever guesses slugs is told nothing after some guesses; who signs rightly is always heard."""

from collections.abc import Iterator

import pytest
from flask import Flask, current_app
from werkzeug.test import TestResponse

from app.extensions import redis_client
from app.factory import quick_redis
from app.web.guards import strangers
from tests.support import twilio
from tests.support.browser import visitor
from tests.support.world import Business, sid

THERE, ELSEWHERE = "203.0.113.7", "203.0.113.8"


def guess(slug: str, caller: str = THERE, route: str = "sms", size: int = 1) -> TestResponse:
    return visitor().post(
        f"/api/twilio/{slug}/{route}",
        data={"MessageSid": "SM1", "Body": "a" * size},
        headers={"X-Twilio-Signature": "guessed"},
        environ_overrides={"REMOTE_ADDR": caller},
    )


@pytest.fixture
def refused_often(salon: Business, garage: Business) -> Iterator[None]:
    """The caller has had as many refusals as are told apart."""
    for number in range(strangers.MOST // 2):
        assert guess(f"nobody{number}").status_code == 404
        assert guess(salon.slug).status_code == 403
    yield


def test_slugs_are_told_apart_no_more(
    refused_often: None, salon: Business, garage: Business
) -> None:
    answers = [
        guess(slug, route=route, size=size)
        for slug in (salon.slug, garage.slug, "nobody", "a" * 3_000)
        for route in ("sms", "whatsapp", "message-status", "answer", "status", "whisper")
        for size in (1, 200_000)
    ]
    assert {answer.status_code for answer in answers} == {429}
    assert len({answer.data for answer in answers}) == 1
    assert len({str(sorted(answer.headers.keys())) for answer in answers}) == 1


def test_somebody_else_is_answered_as_ever(refused_often: None, salon: Business) -> None:
    assert guess("nobody", ELSEWHERE).status_code == 404
    assert guess(salon.slug, ELSEWHERE).status_code == 403
    assert guess(salon.slug, ELSEWHERE, size=200_000).status_code == 413


def test_a_rightly_signed_request_is_never_refused_for_it(
    salon: Business, garage: Business
) -> None:
    for _ in range(strangers.MOST + 1):
        guess("nobody", "127.0.0.1")
    assert guess(salon.slug, "127.0.0.1").status_code == 429
    for business in (salon, garage):
        assert twilio.text(business, "Hello").status_code == 200


def test_a_valid_webhook_counts_nothing(salon: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(_address: str) -> str:
        raise AssertionError("a valid webhook was looked at")

    monkeypatch.setattr(strangers, "_caller", counted)
    form = {"MessageSid": sid(), "From": "+12125550142", "To": salon.number, "Body": "Hi"}
    assert twilio.post(f"/api/twilio/{salon.slug}/sms", form).status_code == 200


def test_a_minute_later_it_is_forgotten(refused_often: None) -> None:
    [key] = redis_client().keys("refused:*")
    assert 0 < redis_client().ttl(key) <= strangers.SECONDS
    assert THERE not in key.decode()
    redis_client().delete(key)
    assert guess("nobody").status_code == 404


def test_the_addresses_of_one_network_are_one_caller(app: Flask) -> None:
    one = strangers._caller("2001:db8:1:2::1")
    assert one == strangers._caller("2001:db8:1:2:ffff::9")
    assert one != strangers._caller("2001:db8:1:3::1")
    assert strangers._caller(THERE) != strangers._caller(ELSEWHERE)


def test_with_redis_away_nobody_is_refused(
    refused_often: None, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(current_app.extensions, "redis", quick_redis("redis://127.0.0.1:1"))
    assert guess("nobody").status_code == 404
    assert guess(salon.slug).status_code == 403
