"""Sending, through Twilio's SDK, to a Twilio that behaves and one that does not."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask, current_app
from sqlalchemy import select, update

from app.extensions import db, vault
from app.lib.message_status import MessageStatus
from app.models import Message, Tenant
from app.outbox.delivery.claimed import Claimed
from app.outbox.drain import drain
from app.outbox.queue.claim import claim
from app.outbox.queue.paused_senders import PAUSE
from app.outbox.settle import record
from app.providers.contract import Accepted
from app.tenancy import tenant_scope, unscoped
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.world import NOON, Business, say


def queue(business: Business, body: str = "Hello") -> int:
    return say(business, body, status=MessageStatus.QUEUED, provider_sid=f"none-{body}")


def without_sids() -> None:
    with unscoped("tests"):
        db.session.execute(
            update(Message)
            .where(Message.direction == "outbound")
            .values(provider_sid=None)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()


def message(business: Business, id_: int) -> Message:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.scalars(select(Message).where(Message.id == id_)).one()


@pytest.fixture
def waiting(salon: Business) -> int:
    """One message to the salon's customer, due."""
    id_ = queue(salon)
    without_sids()
    return id_


def test_a_due_message_is_accepted_once(
    twilio: Carrier, salon: Business, garage: Business, waiting: int
) -> None:
    assert drain(NOON) == 1
    assert drain(NOON) == 0
    sent = twilio.sent(salon.customer_number)
    assert [each["body"] for each in sent] == ["Hello"]
    stored = message(salon, waiting)
    assert stored.provider_sid == sent[0]["sid"]
    assert stored.status is MessageStatus.ACCEPTED
    assert stored.claim is None
    assert twilio.sent(garage.customer_number) == []


def test_the_callback_names_the_message(twilio: Carrier, salon: Business, waiting: int) -> None:
    drain(NOON)
    public_id = message(salon, waiting).public_id
    callback = twilio.sent(salon.customer_number)[0]["status_callback"]
    assert callback == f"http://localhost/api/twilio/salon/message-status?mid={public_id}"


def test_a_message_of_later_is_not_sent_yet(twilio: Carrier, salon: Business, waiting: int) -> None:
    assert drain(NOON - timedelta(seconds=1)) == 0
    assert twilio.sent(salon.customer_number) == []


def test_forty_messages_of_two_businesses_go_out_once_with_four_drains_at_once(
    app: Flask, twilio: Carrier, salon: Business, garage: Business
) -> None:
    bodies = [f"Message {number}" for number in range(20)]
    for business in (salon, garage):
        for body in bodies:
            queue(business, body)
    without_sids()

    def run() -> None:
        with app.app_context():
            drain(NOON)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for business in (salon, garage):
        sent = twilio.sent(business.customer_number)
        assert sorted(each["body"] for each in sent) == sorted(bodies)
        assert {each["from"] for each in sent} == {business.number}


@pytest.mark.parametrize(
    ("code", "says"), [(21211, "not a valid phone number"), (21614, "not a mobile number")]
)
def test_a_refused_message_failed_with_a_plain_reason(
    twilio: Carrier, salon: Business, waiting: int, code: int, says: str
) -> None:
    twilio.faults(reject={salon.customer_number: code})
    drain(NOON)
    stored = message(salon, waiting)
    assert stored.status is MessageStatus.FAILED
    assert stored.error_code == code
    assert says in (stored.error or "")


def test_too_many_requests_is_tried_again_later(
    twilio: Carrier, salon: Business, waiting: int
) -> None:
    twilio.faults(rate_429=1)
    drain(NOON)
    stored = message(salon, waiting)
    assert stored.status is MessageStatus.QUEUED
    assert stored.send_after and stored.send_after > NOON
    twilio.faults()
    assert drain(stored.send_after + timedelta(minutes=10)) == 1
    assert len(twilio.sent(salon.customer_number)) == 1


def test_a_twilio_that_cannot_be_reached_is_tried_again_later(
    salon: Business, waiting: int
) -> None:
    drain(NOON)
    assert message(salon, waiting).status is MessageStatus.QUEUED


def test_a_callback_before_our_own_commit_is_not_undone(salon: Business, waiting: int) -> None:
    [held] = claim(NOON, 1)
    claimed = Claimed.of(held)
    with tenant_scope(salon.id):
        db.session.execute(
            update(Message)
            .where(Message.id == waiting)
            .values(status=MessageStatus.DELIVERED)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    record.accepted([(claimed, Accepted("SM" + "1" * 32, MessageStatus.ACCEPTED))])
    stored = message(salon, waiting)
    assert (stored.status, stored.provider_sid) == (MessageStatus.DELIVERED, "SM" + "1" * 32)


def accepted(number: int) -> Accepted:
    return Accepted(f"SM{number:032}", MessageStatus.ACCEPTED)


def test_what_was_accepted_at_once_is_written_down_for_each_and_for_whoever_holds_it_alone(
    salon: Business, garage: Business, waiting: int
) -> None:
    theirs, lost = queue(garage), queue(garage, "Lost")
    without_sids()
    held = {each.id: Claimed.of(each) for each in claim(NOON, 9)}
    another = replace(held[lost], claim=uuid4())
    answers = [(held[waiting], accepted(1)), (held[theirs], accepted(2)), (another, accepted(3))]
    record.accepted(answers)
    ours, other = message(salon, waiting), message(garage, theirs)
    assert (ours.status, ours.provider_sid, ours.claim) == ("accepted", accepted(1).sid, None)
    assert (other.status, other.provider_sid, other.claim) == ("accepted", accepted(2).sid, None)
    assert (message(garage, lost).status, message(garage, lost).provider_sid) == ("sending", None)


def test_where_one_cannot_be_written_down_the_others_of_its_round_are(
    twilio: Carrier, salon: Business, waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, healthy = queue(salon, "Poison"), queue(salon, "Healthy")
    without_sids()
    real = record.accepted

    def break_over_it(answers: list[tuple[Claimed, Accepted]]) -> None:
        if poisoned in [held.id for held, _ in answers]:
            raise RuntimeError("poison")
        real(answers)

    monkeypatch.setattr(record, "accepted", break_over_it)
    drain(NOON)
    assert message(salon, poisoned).status is MessageStatus.SENDING
    assert {message(salon, each).status for each in (waiting, healthy)} == {MessageStatus.ACCEPTED}
    assert len(twilio.sent(salon.customer_number)) == 3


def with_wrong_account(business: Business, sealed: str) -> None:
    tenant = db.session.get_one(Tenant, business.id)
    tenant.twilio_account_sid = "AC" + "9" * 32
    tenant.twilio_auth_token_sealed = sealed
    db.session.commit()


def test_a_rejected_account_pauses_that_sender_and_no_other(
    twilio: Carrier, salon: Business, garage: Business, staff: Browser, waiting: int
) -> None:
    with_wrong_account(salon, vault().seal("wrong-token"))
    theirs = queue(garage, "From the garage")
    drain(NOON)
    assert message(salon, waiting).status is MessageStatus.QUEUED
    assert message(garage, theirs).status is not MessageStatus.QUEUED
    page = staff.get("/messages").text
    assert "SMS is paused" in page and "credentials were rejected" in page
    assert "is paused" not in Browser(garage.staff).get("/messages").text
    assert drain(NOON + timedelta(minutes=1)) == 0


def test_saving_the_right_account_ends_the_pause(
    twilio: Carrier, salon: Business, admin: Browser, waiting: int
) -> None:
    with_wrong_account(salon, vault().seal("wrong-token"))
    drain(NOON)
    assert "Sending is paused" in admin.get("/admin/business/").text
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.twilio_account_sid = tenant.twilio_auth_token_sealed = None
    db.session.commit()
    assert admin.post("/admin/business/resume").status_code == 302
    assert drain(NOON + timedelta(seconds=1)) == 1
    assert len(twilio.sent(salon.customer_number)) == 1
    assert "Sending is paused" not in admin.get("/admin/business/").text


def test_a_pause_ends_by_itself_when_the_next_try_gets_through(
    twilio: Carrier, salon: Business, staff: Browser, waiting: int
) -> None:
    with_wrong_account(salon, "sealed-with-a-lost-key")
    drain(NOON)
    assert "must enter it again" in staff.get("/messages").text
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.twilio_account_sid = tenant.twilio_auth_token_sealed = None
    db.session.commit()
    drain(NOON + PAUSE + timedelta(minutes=1))
    assert len(twilio.sent(salon.customer_number)) == 1
    assert "is paused" not in staff.get("/messages").text


def test_nothing_of_the_database_is_held_while_twilio_takes_its_time(
    app: Flask, twilio: Carrier, salon: Business, waiting: int
) -> None:
    twilio.faults(latency_ms=1500)
    pool = db.engine.pool

    def run() -> None:
        with app.app_context():
            drain(NOON)

    db.session.remove()
    before = pool.checkedout()  # type: ignore[attr-defined]
    thread = threading.Thread(target=run)
    thread.start()
    seen = set()
    while thread.is_alive():
        with unscoped("tests"):
            state = db.session.scalar(select(Message.status).where(Message.id == waiting))
        db.session.remove()
        if state is MessageStatus.SENDING:
            seen.add(pool.checkedout() - before)  # type: ignore[attr-defined]
        thread.join(0.05)
    assert 0 in seen
    assert current_app.extensions["direct_engine"].pool.checkedout() == 0


def test_what_breaks_beside_the_sending_stops_no_message(
    twilio: Carrier, salon: Business, waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(now: object) -> int:
        raise RuntimeError

    broken.__name__ = "settle_closed"
    monkeypatch.setattr("app.outbox.drain.settle_closed", broken)
    assert drain(NOON) == 1
    assert len(twilio.sent(salon.customer_number)) == 1
