"""Webhooks with a wrong signature are counted without a row; only what Twilio signed is told."""

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway
from twilio.request_validator import RequestValidator

from app.extensions import redis_client
from app.health import look
from app.health.finding import Finding, State
from app.health.refused_signatures import LATELY_SECONDS, Cause, lately
from app.tenancy import tenant_scope
from tests.support import twilio
from tests.support.browser import visitor
from tests.support.world import NOON, Business

PATH = "/api/twilio/salon/sms"


def told(business: Business) -> dict[str, Finding]:
    with tenant_scope(business.id):
        return {finding.check: finding for finding in look.of_business(NOON)}


@pytest.mark.parametrize("base", ["https://localhost", "http://localhost:8000"])
def test_a_true_signature_for_another_address_is_told_with_the_right_one(
    salon: Business, garage: Business, base: str
) -> None:
    form = twilio.payload("sms_in")
    signed = {
        "X-Twilio-Signature": RequestValidator(twilio.TOKEN).compute_signature(base + PATH, form)
    }
    # By this host we are reached, too, but it is not the one of PUBLIC_URL.
    answer = visitor().post(PATH, data=form, headers=signed, base_url="http://localhost:8000")
    assert answer.status_code == 403
    found = told(salon)["signatures"]
    assert (found.state, "http://localhost." in found.next_step) == (State.BROKEN, True)
    assert told(garage)["signatures"].state is State.OK


def test_what_a_stranger_signs_worries_nobody(salon: Business, garage: Business) -> None:
    for _ in range(5):
        assert twilio.post(PATH, {"From": "x"}, token="x" * 32).status_code == 403
    found = told(salon)["signatures"]
    assert (found.state, "5" in found.sentence) == (State.OK, True)
    assert lately(garage.id, Cause.TOKEN) == 0


def test_the_count_ends_by_itself(salon: Business, garage: Business) -> None:
    twilio.post(PATH, {"From": "x"}, token="x" * 32)
    [key] = redis_client().keys("refused-signatures:*")
    assert 0 < redis_client().ttl(key) <= LATELY_SECONDS


def test_without_redis_a_wrong_signature_is_refused_all_the_same(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise RedisAway

    monkeypatch.setattr(Redis, "execute_command", away)
    monkeypatch.setattr("redis.client.Pipeline.execute", away)
    assert twilio.post(PATH, {"From": "x"}, token="x" * 32).status_code == 403
    assert "signatures" not in told(salon)
