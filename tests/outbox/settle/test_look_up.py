"""A delivery report that was lost is asked for, at growing distances, and not for ever."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import Message
from app.outbox.drain import drain
from app.outbox.settle import look_up as asking
from app.outbox.settle.look_up import BATCH, GIVE_UP_AFTER, look_up
from app.outbox.settle.record import FIRST_ASK_AFTER
from app.providers.contract import StatusReport
from app.providers.twilio import TwilioProvider
from app.tenancy import tenant_scope, unscoped
from tests.support.carrier import Carrier
from tests.support.stack import until
from tests.support.world import Business, say

MINUTE = timedelta(minutes=1)
SOON = FIRST_ASK_AFTER + MINUTE


def message(business: Business, id_: int) -> Message:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.scalars(select(Message).where(Message.id == id_)).one()


def change(id_: int, **values: object) -> None:
    with unscoped("tests"):
        changed = update(Message).where(Message.id == id_).values(**values)
        db.session.execute(changed.execution_options(synchronize_session=False))
        db.session.commit()


def sent(business: Business, twilio: Carrier, body: str = "Hello") -> int:
    """A message that went out and was settled at the carrier, who told nobody."""
    id_ = say(business, body, status=MessageStatus.QUEUED, at=now())
    change(id_, provider_sid=None)
    twilio.faults(drop_callbacks=1)
    drain(now())
    final = ("delivered", "undelivered", "failed")
    until(lambda: all(each["status"] in final for each in twilio.sent(business.customer_number)))
    twilio.faults()
    return id_


def lingering(business: Business, at: datetime, body: str = "Hello") -> int:
    """A message that the carrier took at that time, and of which it has told nothing since."""
    id_ = say(business, body, status=MessageStatus.SENT)
    change(id_, attempted_at=at, ask_at=at + FIRST_ASK_AFTER)
    return id_


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SIDs that Twilio is asked about; it knows no more than "sent"."""
    sids: list[str] = []

    def note(_provider: TwilioProvider, _account: object, sid: str) -> StatusReport:
        sids.append(sid)
        return StatusReport(sid, MessageStatus.SENT)

    monkeypatch.setattr(TwilioProvider, "look_up", note)
    return sids


def test_a_delivery_whose_callbacks_were_lost_is_found_out(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    id_ = sent(salon, twilio)
    theirs = lingering(garage, now() - timedelta(days=1), "Theirs")
    change(theirs, ask_at=None)
    assert message(salon, id_).status is MessageStatus.ACCEPTED
    assert look_up(now() + SOON) == 1
    assert message(salon, id_).status is MessageStatus.DELIVERED
    assert message(salon, id_).sent_at
    assert message(garage, theirs).status is MessageStatus.SENT
    assert look_up(now() + 2 * SOON) == 0


def test_a_failure_whose_callbacks_were_lost_is_found_out_with_its_reason(
    twilio: Carrier, salon: Business
) -> None:
    id_ = say(salon, "Hello", status=MessageStatus.QUEUED, at=now())
    change(id_, provider_sid=None)
    twilio.faults(drop_callbacks=1, reject={salon.customer_number: 30003})
    drain(now())
    until(lambda: twilio.sent(salon.customer_number)[0]["status"] == "undelivered")
    look_up(now() + SOON)
    failed = message(salon, id_)
    assert (failed.status, failed.error_code) == (MessageStatus.FAILED, 30003)
    assert failed.error


def test_nobody_is_asked_while_a_callback_may_still_come(salon: Business, asked: list[str]) -> None:
    began = now()
    lingering(salon, began)
    assert look_up(began + FIRST_ASK_AFTER - MINUTE) == 0
    assert look_up(began + FIRST_ASK_AFTER) == 1


def test_what_a_callback_settled_is_not_asked_about(salon: Business, asked: list[str]) -> None:
    began = now()
    for status in (MessageStatus.DELIVERED, MessageStatus.READ, MessageStatus.FAILED):
        change(lingering(salon, began, status), status=status)
    assert look_up(began + SOON) == 0


def test_sent_is_the_last_word_of_a_network_without_receipts(
    salon: Business, asked: list[str]
) -> None:
    began = now()
    id_ = lingering(salon, began)
    times = []
    for minutes in range(0, 3 * 24 * 60, 10):
        if look_up(began + timedelta(minutes=minutes)):
            times.append(minutes)
    assert times[:4] == [10, 20, 40, 80]
    assert len(times) == 9
    assert timedelta(minutes=times[-1]) < GIVE_UP_AFTER
    last = message(salon, id_)
    assert (last.status, last.ask_at) == (MessageStatus.SENT, None)


def test_a_twilio_that_is_away_is_asked_again(salon: Business) -> None:
    began = now()
    id_ = lingering(salon, began)
    assert look_up(began + SOON) == 1
    assert look_up(began + SOON) == 0
    assert message(salon, id_).status is MessageStatus.SENT
    assert look_up(began + 2 * SOON) == 1


def test_a_crowd_of_one_business_keeps_nobody_elses_message_waiting(
    salon: Business, garage: Business, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    began = now()
    for number in range(BATCH + 4):
        lingering(garage, began - MINUTE, f"Crowd {number}")
    ours = message(salon, lingering(salon, began)).provider_sid
    monkeypatch.setattr(asking, "MOST_BATCHES", 1)
    assert look_up(began + SOON) == BATCH
    assert ours in asked
    assert Counter(asked).most_common(1)[0][1] == 1


def test_what_waits_is_found_by_an_index_however_many_messages_there_are(
    salon: Business,
) -> None:
    with unscoped("tests"):
        query = asking._due(now()).compile(db.engine, compile_kwargs={"literal_binds": True})
        # Of the few rows of a test any index reads all, by a bitmap.
        for way in ("seqscan", "bitmapscan"):
            db.session.execute(text(f"SET LOCAL enable_{way} = off"))
        plan = "\n".join(db.session.scalars(text(f"EXPLAIN {query}")))
        db.session.rollback()
    assert "ix_message_to_ask" in plan


def test_a_report_that_cannot_be_kept_stands_alone(
    monkeypatch: pytest.MonkeyPatch, salon: Business, garage: Business
) -> None:
    at = now() - timedelta(hours=1)
    ids = [lingering(owner, at, f"Hello {n}") for owner in (salon, garage) for n in range(2)]

    def too_large(_provider: TwilioProvider, _account: object, sid: str) -> StatusReport:
        broken = sid == first
        return StatusReport(sid, MessageStatus.FAILED, error_code=10**12 if broken else 30003)

    first = message(salon, ids[0]).provider_sid
    monkeypatch.setattr(TwilioProvider, "look_up", too_large)
    assert look_up(now()) == 4
    owners = (salon, salon, garage, garage)
    statuses = [message(owner, id_).status for owner, id_ in zip(owners, ids, strict=True)]
    assert statuses == ["sent", "failed", "failed", "failed"]
