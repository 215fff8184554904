"""«Why did Ann get no reminder?» has one sentence for an answer, whatever it was."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import delete, select, update

from app.extensions import db
from app.models import (
    ContactPoint,
    Message,
    MessageTemplate,
    Notification,
    OptOut,
    Tenant,
)
from app.notifications.by_hand import send_now
from app.notifications.causes import Cause
from app.notifications.decision.loading import LOADS
from app.notifications.dispatch import dispatch
from app.notifications.forecast.why import sentence
from app.tenancy import tenant_scope
from tests.support.diary import at, book, change, options
from tests.support.world import Business

EVE, START = "2026-11-19 10:00", "2026-11-20 10:00"
BOOKED = at("2026-11-10 12:00")
RULE = "24 hours before the appointment"
TO = "by SMS to (212) 555-0142"


def tenant(owner: Business, **values: object) -> None:
    db.session.execute(update(Tenant).where(Tenant.id == owner.id).values(**values))


def written(owner: Business, model: type, **values: object) -> None:
    with tenant_scope(owner.id):
        ours = update(model)
        if model is Message:
            ours = ours.where(Message.direction == "outbound")
        db.session.execute(ours.values(**values))


def stop(owner: Business) -> None:
    with tenant_scope(owner.id):
        db.session.add(
            OptOut(tenant_id=owner.id, channel="sms", address=owner.customer_number, since=BOOKED)
        )
        db.session.flush()


def unreachable(owner: Business) -> None:
    with tenant_scope(owner.id):
        db.session.execute(delete(ContactPoint))


def taken_out(owner: Business) -> None:
    words = {"status": "cancelled", "cause": Cause.BY_STAFF, "reason": "Maya took it out."}
    written(owner, Notification, **words)


def told(owner: Business, id_: int, now: datetime, type_: str = "appointment_reminder") -> str:
    query = select(Notification).where(Notification.appointment_id == id_).options(*LOADS)
    query = query.where(Notification.type == type_).order_by(Notification.id)
    with tenant_scope(owner.id):
        found = sentence(db.session.scalars(query).unique().all()[0], now)
        db.session.rollback()
    return found


BEFORE: list[tuple[Callable[[Business], None], str]] = [
    (lambda _: None, f"Goes out on Thu, Nov 19, 10:00 AM {TO}: {RULE}."),
    (
        lambda owner: tenant(owner, quiet_from=time(9), quiet_until=time(12)),
        f"Goes out on Thu, Nov 19, 12:00 PM {TO}: {RULE}.",
    ),
    (
        lambda owner: tenant(owner, paused_at=BOOKED),
        "Waits: all automatic messages are paused since Tue, Nov 10, 12:00 PM."
        " It is due on Thu, Nov 19, 10:00 AM.",
    ),
    (
        lambda owner: options(owner, "appointment_reminder", enabled=False),
        "Will not go out on Thu, Nov 19, 10:00 AM, as things stand: Messages of this kind are"
        " turned off.",
    ),
    (stop, "Will not go out on Thu, Nov 19, 10:00 AM, as things stand: This person replied STOP."),
    (unreachable, "Will not go out on Thu, Nov 19, 10:00 AM, as things stand: Ann Salon cannot be"),
]
AFTER: list[tuple[Callable[[Business], None], str]] = [
    (lambda _: None, f"Waits in the outbox since Thu, Nov 19, 10:00 AM, to go {TO}: {RULE}."),
    (
        lambda owner: written(
            owner, Message, status="delivered", sent_at=at(EVE) + timedelta(minutes=1)
        ),
        f"Sent on Thu, Nov 19, 10:01 AM {TO}; delivered: {RULE}.",
    ),
    (
        lambda owner: written(owner, Message, status="failed", error="The number is wrong."),
        f"Not delivered {TO}, was to go on Thu, Nov 19, 10:00 AM: The number is wrong.",
    ),
]
NOT_SENT: list[tuple[Callable[[Business], None], str]] = [
    (lambda owner: options(owner, "appointment_reminder", enabled=False), "turned off."),
    (stop, "This person replied STOP."),
    (unreachable, "Ann Salon cannot be reached by SMS: no number is known."),
    (lambda owner: written(owner, MessageTemplate, body="{{x}}"), "Its template cannot be used."),
    (lambda owner: written(owner, Notification, useful_until=at(EVE)), "then came too late."),
    (taken_out, "Maya took it out."),
]


@pytest.fixture
def booked(salon: Business, garage: Business) -> int:
    """For START, long before; without a confirmation."""
    return book(salon, START, now="2026-11-10 12:00", announce=False)


@pytest.mark.parametrize(("happens", "said"), BEFORE)
def test_what_is_to_come_is_told_as_things_stand(
    salon: Business, booked: int, happens: Callable[[Business], None], said: str
) -> None:
    happens(salon)
    assert told(salon, booked, BOOKED).startswith(said)


@pytest.mark.parametrize(("happens", "said"), AFTER)
def test_what_was_sent_is_told_with_what_became_of_it(
    salon: Business, booked: int, happens: Callable[[Business], None], said: str
) -> None:
    dispatch(at(EVE))
    happens(salon)
    assert told(salon, booked, at(START)) == said


@pytest.mark.parametrize(("happens", "said"), NOT_SENT)
def test_what_was_not_sent_is_told_with_its_reason(
    salon: Business,
    booked: int,
    happens: Callable[[Business], None],
    said: str,
) -> None:
    happens(salon)
    db.session.commit()
    dispatch(at(EVE))
    sentence = told(salon, booked, at(START))
    assert sentence.startswith("Not sent, was due on Thu, Nov 19, 10:00 AM: ")
    assert said in sentence


def test_a_confirmation_says_why_it_does_not_go_at_once_or_at_all(
    salon: Business, garage: Business
) -> None:
    tenant(salon, quiet_from=time(21), quiet_until=time(8))
    late = book(salon, START, now="2026-11-10 22:00")
    assert told(salon, late, at("2026-11-10 22:00"), "booking_confirmation") == (
        f"Goes out on Wed, Nov 11, 8:00 AM {TO}: to confirm the appointment, kept out of quiet"
        " hours."
    )
    by_day = book(salon, START, now="2026-11-11 12:00")
    sentence = told(salon, by_day, at("2026-11-11 12:00"), "booking_confirmation")
    assert sentence.endswith(": to confirm the appointment.")
    past = book(salon, "2026-11-10 09:00", now="2026-11-10 12:00", announce=False)
    sentence = told(salon, past, BOOKED, "booking_confirmation")
    assert sentence.endswith(": The appointment had begun when it was entered.")


def test_what_was_sent_by_hand_does_not_say_that_it_had_its_time(
    salon: Business, booked: int
) -> None:
    with tenant_scope(salon.id):
        planned = select(Notification.id).where(Notification.status == "planned")
        send_now(db.session.scalars(planned).one(), BOOKED)
    assert told(salon, booked, at(START)).endswith(f"{TO}: by hand, before its time.")


def test_what_an_appointment_did_to_its_reminder_is_told(salon: Business, garage: Business) -> None:
    late = book(salon, "2026-11-11 10:00", now="2026-11-10 12:00")
    assert "made less than 24 hours before it begins" in told(salon, late, BOOKED)
    for happened, said in (
        ({"status": "cancelled"}, "The appointment was cancelled."),
        ({"start": "2026-11-21 10:00"}, "The appointment was moved to another time."),
    ):
        id_ = book(salon, START, now="2026-11-10 12:00")
        change(salon, id_, "2026-11-12 09:00", **happened)
        assert told(salon, id_, BOOKED).endswith(said)
