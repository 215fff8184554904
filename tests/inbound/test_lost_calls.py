"""A call whose end was never told is asked about, and does not ring for ever."""

import threading
from datetime import timedelta

import pytest
import requests
from sqlalchemy import select

from app.extensions import db
from app.inbound import lost_calls
from app.inbound.lost_calls import look_up
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call, Notification
from app.notifications.planning.missed_calls import plan_missed
from app.providers.contract import Account, CallEnd
from app.providers.twilio import TwilioProvider
from app.providers.twilio.call_report import call_end
from app.tenancy import tenant_scope
from tests.support.carrier import Carrier
from tests.support.world import ACCOUNT, NOON, Business

LATER = NOON + timedelta(minutes=11)


@pytest.mark.parametrize(
    ("status", "rung", "screened", "outcome"),
    [
        # The caller hung up while it rang, or before.
        ("no-answer", [("canceled", "0")], False, "missed"),
        ("canceled", [], False, "missed"),
        # Nobody took it, and the caller was told so, or heard that something is broken.
        ("completed", [("no-answer", "0")], False, "missed"),
        ("completed", [("busy", None)], False, "missed"),
        ("completed", [("failed", "0")], True, "missed"),
        ("completed", [("completed", "42")], False, "answered"),
        ("completed", [("completed", "0")], False, "missed"),
        # Who picked up may have been a voicemail.
        ("completed", [("completed", "42")], True, "unknown"),
        ("in-progress", [("in-progress", None)], False, "ringing"),
        ("ringing", [], False, "ringing"),
        ("queued", [], False, "ringing"),
    ],
)
def test_what_twilio_says_of_a_call_and_of_whom_it_rang_is_one_outcome(
    status: str, rung: list[tuple[str, str | None]], screened: bool, outcome: str
) -> None:
    end = call_end(status, rung, screened)
    assert (end.outcome, end.seconds) == (outcome, 42 if outcome == "answered" else 0)


def test_a_call_of_more_seconds_than_there_are_is_a_day() -> None:
    assert call_end("completed", [("completed", "9" * 12)], screened=False).seconds == 86_400


def called(twilio: Carrier, owner: Business) -> str:
    """Somebody called the business and nobody took it; Twilio's name for the call."""
    phone = f"{twilio.url}/simulator/phones/{owner.customer_number}"
    requests.post(f"{phone}/call", json={"to": owner.number}, timeout=5).raise_for_status()
    while True:
        call = requests.get(f"{phone}/calls", timeout=5).json()["calls"][-1]
        if call["status"] != "in-progress":
            return str(call["sid"])


def rings(owner: Business, sid: str, minutes: int = 0) -> int:
    with tenant_scope(owner.id):
        call = Call(
            customer_id=owner.customer_id,
            caller=owner.customer_number,
            outcome=CallOutcome.RINGING,
            started_at=NOON - timedelta(minutes=minutes),
            provider_sid=sid,
            account_sid=ACCOUNT,
        )
        db.session.add(call)
        db.session.commit()
        return call.id


def known(owner: Business, id_: int) -> Call:
    db.session.rollback()
    with tenant_scope(owner.id):
        call = db.session.get_one(Call, id_)
        db.session.refresh(call)
        return call


def test_a_call_whose_end_was_lost_is_asked_about_and_followed_up_while_that_is_of_use(
    salon: Business, garage: Business, twilio: Carrier
) -> None:
    missed, nobodys = rings(salon, called(twilio, salon)), rings(garage, "CA" + "0" * 32)
    assert look_up(NOON + timedelta(minutes=9)) == 0
    twilio.faults(rate_500_before=1)
    assert look_up(LATER) == 2
    assert {known(salon, missed).outcome, known(garage, nobodys).outcome} == {"ringing"}
    twilio.faults()
    assert look_up(LATER + timedelta(minutes=1)) == 0
    assert look_up(LATER + timedelta(minutes=30)) == 2
    assert known(salon, missed).outcome == "missed"
    assert known(garage, nobodys).outcome == "unknown"
    assert look_up(LATER + timedelta(minutes=90)) == 0
    assert plan_missed(LATER + timedelta(minutes=31)) >= 1
    with tenant_scope(salon.id):
        row = db.session.scalars(select(Notification).where(Notification.call_id == missed)).one()
        assert row.useful_until == NOON + timedelta(hours=12)
        db.session.rollback()


def test_what_nobody_can_tell_for_a_day_is_not_known_until_somebody_does(
    salon: Business, garage: Business, twilio: Carrier
) -> None:
    lost = rings(salon, called(twilio, salon))
    young = rings(garage, "CA" + "0" * 32, minutes=-24 * 60)
    look_up(NOON + timedelta(days=1, seconds=1))
    assert (known(salon, lost).outcome, known(garage, young).outcome) == ("unknown", "ringing")
    assert not plan_missed(NOON + timedelta(days=1, minutes=1))


def test_an_answer_that_cannot_be_kept_keeps_no_other_call_waiting(
    salon: Business, garage: Business, twilio: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, fine = rings(salon, "CA" + "1" * 32), rings(garage, "CA" + "2" * 32)

    def told(_twilio: TwilioProvider, _account: Account, sid: str, _screened: bool) -> CallEnd:
        return CallEnd(CallOutcome.ANSWERED, 10**12 if sid[2] == "1" else 42)

    monkeypatch.setattr(TwilioProvider, "look_up_call", told)
    assert look_up(LATER) == 2
    assert (known(salon, odd).outcome, known(garage, fine).outcome) == ("ringing", "answered")


def test_an_answer_that_never_ends_is_not_waited_for(
    salon: Business, garage: Business, twilio: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, fine = rings(salon, "CA" + "1" * 32), rings(garage, "CA" + "2" * 32)
    over = threading.Event()

    def told(_twilio: TwilioProvider, _account: Account, sid: str, _screened: bool) -> CallEnd:
        if sid[2] == "1":
            over.wait(20)
        return CallEnd(CallOutcome.ANSWERED, 42)

    monkeypatch.setattr(TwilioProvider, "look_up_call", told)
    monkeypatch.setattr(lost_calls, "DEADLINE", timedelta(seconds=0.2))
    assert look_up(LATER) == 2
    over.set()
    assert (known(salon, odd).outcome, known(garage, fine).outcome) == ("ringing", "answered")
