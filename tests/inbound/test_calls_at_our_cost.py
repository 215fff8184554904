"""A call that is put through costs: where it may ring by our account, and how often in a day."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db, vault
from app.models import Spending
from app.tenancy import tenant_scope
from tests.inbound.test_incoming_calls import NOBODY, RINGS, calls_of, dialed, forwards, tell
from tests.support import twilio as posts
from tests.support.crowd import crowd
from tests.support.world import Business

GERMAN, SATELLITE = "+491701234567", "+881612345678"

CALLS = [f"CA{number:032}" for number in range(12)]


def used(business: Business) -> int:
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(Spending.used).where(Spending.kind == "calls")
        return db.session.scalar(query.where(Spending.day > date(2026, 11, 1))) or 0


def outcomes(business: Business) -> list[str]:
    return [call.outcome for call in calls_of(business)]


@pytest.mark.parametrize("number", [GERMAN, SATELLITE, "+19005551234", "+14165550123"])
def test_what_was_entered_before_does_not_ring_at_our_cost(
    salon: Business, garage: Business, number: str
) -> None:
    forwards(salon, number)
    assert NOBODY in tell(salon, "answer", RINGS)
    assert outcomes(salon) == ["missed"]
    assert used(salon) == 0
    assert calls_of(garage) == []


def test_it_rings_where_the_operator_opened_the_country(salon: Business) -> None:
    forwards(salon, GERMAN, open_countries=["DE"])
    assert GERMAN in tell(salon, "answer", RINGS)
    assert outcomes(salon) == ["ringing"]


def test_a_call_by_an_own_account_rings_anywhere_and_is_not_counted(salon: Business) -> None:
    token = "f" * 32
    own = {"twilio_account_sid": "AC" + "2" * 32, "twilio_auth_token_sealed": vault().seal(token)}
    forwards(salon, GERMAN, calls_a_day=0, **own)
    form = posts.payload("voice_in_ringing", CallSid=CALLS[1], To=salon.number)
    form |= {"AccountSid": "AC" + "2" * 32}
    said = posts.post(f"/api/twilio/{salon.slug}/answer", form, token=token).text
    assert GERMAN in said and "timeLimit" not in said
    assert used(salon) == 0


def test_an_account_that_is_entered_after_the_call_began_does_not_pay_for_it(
    salon: Business,
) -> None:
    """Who signed is remembered for some seconds: by then the business may say that it pays."""
    forwards(salon, "+14155550101")
    tell(salon, "answer", RINGS)
    own = {"twilio_account_sid": "AC" + "2" * 32, "twilio_auth_token_sealed": vault().seal("f")}
    forwards(salon, SATELLITE, **own)
    assert NOBODY in tell(salon, "answer", RINGS, sid=CALLS[2])


def test_a_call_is_counted_once_however_often_it_is_told(salon: Business) -> None:
    forwards(salon)
    for _ in range(3):
        assert "+14155550101" in tell(salon, "answer", RINGS)
        tell(salon, "status", RINGS)
    assert used(salon) == 1
    tell(salon, "status", dialed("busy"))
    tell(salon, "status", dialed("completed", DialCallDuration="9"), sid=CALLS[7])
    assert used(salon) == 1


def test_beyond_the_limit_the_caller_hears_that_nobody_is_there(
    salon: Business, garage: Business
) -> None:
    forwards(salon, calls_a_day=2)
    forwards(garage)
    for sid in (CALLS[1], CALLS[2]):
        assert "+14155550101" in tell(salon, "answer", RINGS, sid)
    assert NOBODY in tell(salon, "answer", RINGS, CALLS[3])
    assert NOBODY in tell(salon, "answer", RINGS, CALLS[3]), "told again"
    assert "+14155550101" in tell(salon, "answer", RINGS, CALLS[2]), "which rings already"
    assert outcomes(salon) == ["ringing", "ringing", "missed"]
    assert calls_of(salon)[2].missed_at
    assert used(salon) == 2
    assert "+14155550101" in tell(garage, "answer", RINGS, CALLS[3])


def test_with_none_allowed_none_rings(salon: Business) -> None:
    forwards(salon, calls_a_day=0)
    assert NOBODY in tell(salon, "answer", RINGS)
    assert used(salon) == 0


def test_many_calls_at_once_are_no_more_than_the_limit(app: Flask, salon: Business) -> None:
    forwards(salon, calls_a_day=5)
    sids = [CALLS[number] for number in range(12)]
    assert not crowd(app, lambda: tell(salon, "answer", RINGS, sids.pop()), size=12)
    assert sorted(outcomes(salon)) == ["missed"] * 7 + ["ringing"] * 5
    assert used(salon) == 5


def test_a_call_at_our_cost_ends_after_an_hour(salon: Business) -> None:
    forwards(salon)
    assert 'timeLimit="3600"' in tell(salon, "answer", RINGS)
