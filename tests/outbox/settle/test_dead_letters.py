"""A message over which our own code breaks stops no other, and stands aside after some tries."""

from datetime import timedelta

import pytest

from app.extensions import db
from app.inbox import failures
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import Message, Tenant
from app.outbox.after_send import try_again
from app.outbox.delivery import job
from app.outbox.drain import drain
from app.outbox.settle import reconcile, record
from app.outbox.settle.dead_letters import forget_recovered
from app.providers import provider
from app.providers.twilio import provider as twilio_provider
from app.tenancy import tenant_scope
from tests.support.carrier import Carrier
from tests.support.poison import POISON, breaks, buried, message, queue
from tests.support.world import NOON, Business

HOUR = timedelta(hours=1)


def batch(salon: Business, garage: Business) -> tuple[int, list[tuple[Business, int]]]:
    """A poisoned message among good ones of two businesses."""
    good = [(salon, queue(salon, "First"))]
    poison = queue(salon, POISON)
    good += [(salon, queue(salon, "Second")), (garage, queue(garage, "Third"))]
    return poison, good


def all_accepted(good: list[tuple[Business, int]]) -> bool:
    return {message(*each).status for each in good} == {MessageStatus.ACCEPTED}


@pytest.mark.parametrize(
    ("where", "step"), [(job, "outgoing"), (twilio_provider, "_asked")], ids=["row", "carrier"]
)
def test_a_message_that_breaks_before_the_call_is_a_dead_letter_after_some_tries(
    twilio: Carrier,
    salon: Business,
    garage: Business,
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    step: str,
) -> None:
    # Longer than a drain on a busy machine, which would else come to it again.
    monkeypatch.setattr(record, "backoff", lambda _attempts: timedelta(minutes=30))
    breaks(monkeypatch, where, step)
    poison, good = batch(salon, garage)
    assert drain(NOON) == 4
    assert all_accepted(good)
    assert message(salon, poison).status is MessageStatus.QUEUED
    assert drain(NOON) == 0, "it waits before it is tried again"
    for hour in range(1, record.MOST_ATTEMPTS):
        assert buried(salon) == []
        assert drain(NOON + hour * HOUR) == 1
    stored, [aside] = message(salon, poison), buried(salon)
    assert stored.status is MessageStatus.FAILED
    assert "a fault of ours" in (stored.error or "")
    assert (aside.message_id, aside.attempts) == (poison, record.MOST_ATTEMPTS)
    assert aside.reason.startswith("Broken in app/")
    assert POISON not in aside.reason
    assert drain(NOON + timedelta(days=9)) == 0
    assert buried(garage) == []


def test_an_unknown_channel_is_such_a_poison(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    poison, good = batch(salon, garage)
    with tenant_scope(salon.id):
        db.session.get_one(Message, poison).channel = "pigeon"
        db.session.commit()
    drain(NOON)
    assert all_accepted(good)
    assert message(salon, poison).status is MessageStatus.QUEUED


def test_a_message_that_breaks_after_the_call_is_looked_for_and_not_sent_twice(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks(monkeypatch, provider("twilio"), "send", after=True)
    poison, good = batch(salon, garage)
    # The simulator dates what it has by the real clock.
    began = now()
    drain(began)
    assert all_accepted(good)
    assert message(salon, poison).status is MessageStatus.CHECKING
    twilio.wait_until_listed(salon.customer_number)
    reconcile.reconcile(began + HOUR)
    drain(began + HOUR)
    assert message(salon, poison).status >= MessageStatus.ACCEPTED
    assert [each["body"] for each in twilio.sent(salon.customer_number)].count(POISON) == 1


@pytest.mark.parametrize("step", ["_find", "_judge"])
def test_a_message_that_cannot_be_looked_for_is_a_dead_letter_in_doubt(
    twilio: Carrier,
    salon: Business,
    garage: Business,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    poison, fine = in_doubt(twilio, salon), in_doubt(twilio, garage)
    breaks(monkeypatch, reconcile, step, mark=salon.customer_number)
    assert reconcile.reconcile(NOON + HOUR) == 2
    assert message(garage, fine).status is MessageStatus.QUEUED
    for minutes in range(10, 10 * reconcile.MOST_FAULTY_CHECKS, 10):
        assert message(salon, poison).status is MessageStatus.CHECKING
        reconcile.reconcile(NOON + HOUR + timedelta(minutes=minutes))
    stored, [aside] = message(salon, poison), buried(salon)
    assert (stored.status, stored.error) == (MessageStatus.UNKNOWN, record.UNKNOWN)
    assert aside.message_id == poison
    assert aside.reason.startswith("Broken") and POISON not in aside.reason
    assert drain(NOON + timedelta(days=9)) == 1, "the other one"


def in_doubt(twilio: Carrier, business: Business) -> int:
    """A message that got no clear answer."""
    id_ = queue(business, "Perhaps")
    twilio.faults(rate_500_before=1)
    drain(NOON)
    twilio.faults()
    return id_


def test_what_never_arrived_is_a_dead_letter(twilio: Carrier, salon: Business) -> None:
    id_ = in_doubt(twilio, salon)
    spent(salon, id_)
    reconcile.reconcile(NOON + HOUR)
    assert message(salon, id_).status is MessageStatus.FAILED
    assert [aside.reason for aside in buried(salon)] == [record.NEVER_ARRIVED]


def spent(business: Business, id_: int) -> None:
    """As if it had been tried as often as may be."""
    with tenant_scope(business.id):
        db.session.get_one(Message, id_).attempts = record.MOST_ATTEMPTS
        db.session.commit()


def test_what_is_refused_is_nothing_for_the_operator(twilio: Carrier, salon: Business) -> None:
    id_ = queue(salon, "Hello")
    twilio.faults(reject={salon.customer_number: 21211})
    drain(NOON)
    assert message(salon, id_).status is MessageStatus.FAILED
    assert buried(salon) == []


def buried_message(business: Business) -> int:
    """Twilio is away until the message stands aside."""
    id_ = queue(business, "Hello")
    spent(business, id_)
    drain(NOON)
    assert len(buried(business)) == 1
    return id_


def test_what_staff_try_again_is_no_longer_the_operators(salon: Business) -> None:
    id_ = buried_message(salon)
    with tenant_scope(salon.id):
        try_again(message(salon, id_), NOON, None)
    assert buried(salon) == []


def test_what_a_late_report_settles_is_forgotten(salon: Business, garage: Business) -> None:
    id_, theirs = buried_message(salon), buried_message(garage)
    with tenant_scope(salon.id):
        db.session.get_one(Message, id_).status = MessageStatus.DELIVERED
        db.session.commit()
    forget_recovered()
    assert buried(salon) == []
    assert [aside.message_id for aside in buried(garage)] == [theirs]


def test_what_staff_have_dealt_with_is_no_longer_the_operators(
    salon: Business, garage: Business
) -> None:
    id_, theirs = buried_message(salon), buried_message(garage)
    with tenant_scope(salon.id):
        failures.dismiss(message(salon, id_))
    forget_recovered()
    assert buried(salon) == []
    assert [aside.message_id for aside in buried(garage)] == [theirs]


def test_a_token_that_cannot_be_opened_keeps_nobody_else_waiting_and_is_told(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    waits, good = batch(salon, garage)
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.twilio_account_sid, tenant.twilio_auth_token_sealed = "AC" + "9" * 32, "lost-key"
    db.session.commit()
    drain(NOON)
    assert message(salon, waits).status is MessageStatus.QUEUED
    assert message(*good[-1]).status is MessageStatus.ACCEPTED
    drain(NOON + record.PATIENCE)
    stored = message(salon, waits)
    assert stored.status is MessageStatus.FAILED
    assert "must enter it again" in (stored.error or "")
    assert buried(salon) == [], "nothing that the operator could help with"
