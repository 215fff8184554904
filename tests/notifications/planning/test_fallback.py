"""What one channel does not deliver goes by the next, once; what the night held back goes later."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.extensions import db
from app.models import (
    ContactPoint,
    Customer,
    Message,
    Notification,
    NotificationSetting,
)
from app.notifications.dispatch import dispatch
from app.notifications.forecast.why import sentence
from app.notifications.planning.fallback import plan_fallbacks
from app.outbox.after_send import try_again
from app.outbox.drain import drain
from app.outbox.queue.expiry import TOO_LATE
from app.tenancy import tenant_scope
from tests.support.crowd import crowd
from tests.support.diary import at, book, change
from tests.support.queries import statements
from tests.support.world import Business, hear

EVE, START = at("2026-11-19 10:00"), "2026-11-20 10:00"
LATER = EVE + timedelta(minutes=5)


@pytest.fixture
def sent(salon: Business, garage: Business) -> int:
    """A reminder that went out by WhatsApp; the appointment's id."""
    booked = book(salon, START, now="2026-11-10 12:00", announce=False)
    hear(salon, "Hello", channel="whatsapp", at=EVE - timedelta(hours=1))
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).preferred_channel = "whatsapp"
        db.session.execute(delete(Message).where(Message.direction == "outbound"))
        db.session.commit()
    dispatch(EVE)
    return booked


def ends(owner: Business, status: str, error: str | None = "The phone is off.") -> None:
    """What waits comes to this end."""
    with tenant_scope(owner.id):
        db.session.execute(
            update(Message)
            .where(Message.status == "queued")
            .values(status=status, error=error)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()


def look(moment: datetime = LATER) -> None:
    plan_fallbacks(moment)
    dispatch(moment)


def said(owner: Business) -> list[str]:
    """The reminder's messages: «whatsapp failed»."""
    query = select(Message).where(Message.not_after.is_not(None)).order_by(Message.id)
    with tenant_scope(owner.id):
        found = [f"{row.channel} {row.status.value}" for row in db.session.scalars(query)]
        db.session.rollback()
    return found


def row_of(owner: Business, booked: int) -> Notification:
    query = select(Notification).where(Notification.appointment_id == booked)
    with tenant_scope(owner.id):
        row = db.session.scalars(query.where(Notification.type == "appointment_reminder")).one()
        db.session.expunge(row)
        db.session.rollback()
    return row


def test_what_whatsapp_does_not_deliver_goes_by_sms_once(
    app: Flask, salon: Business, sent: int
) -> None:
    assert said(salon) == ["whatsapp queued"]
    ends(salon, "failed")
    assert not crowd(app, look)
    look()
    assert said(salon) == ["whatsapp failed", "sms queued"]
    with tenant_scope(salon.id):
        again_said = sentence(db.session.merge(row_of(salon, sent), load=False), LATER)
        db.session.rollback()
    assert again_said.endswith("24 hours before the appointment, as WhatsApp did not deliver it.")
    assert row_of(salon, sent).reason == ("By SMS instead, as WhatsApp did not deliver.")
    ends(salon, "failed")
    look()
    look()
    assert said(salon) == ["whatsapp failed", "sms failed"]
    row = row_of(salon, sent)
    assert (row.status, row.cause) == ("sent", "undelivered")
    assert row.reason == "SMS did not deliver it: The phone is off."


@pytest.mark.parametrize(
    ("what", "messages", "cause"),
    [
        ("not in doubt", ["whatsapp unknown"], "sent"),
        ("not when it is too late", ["whatsapp failed"], "sent"),
        ("not where the business does not want that", ["whatsapp failed"], "undelivered"),
        ("not where nothing else reaches them", ["whatsapp failed"], "undelivered"),
        ("not to whom said STOP there", ["whatsapp failed"], "opted_out"),
        ("not what staff tried again", ["whatsapp failed", "whatsapp queued"], "by_staff"),
        ("not of what was cancelled", ["whatsapp failed"], "appointment_over"),
    ],
)
def test_what_failed_is_not_sent_again(
    salon: Business, sent: int, what: str, messages: list[str], cause: str
) -> None:
    ends(salon, "unknown" if what == "not in doubt" else "failed")
    moment = LATER
    with tenant_scope(salon.id):
        match what:
            case "not when it is too late":
                moment = at("2026-11-20 09:50")
            case "not where the business does not want that":
                for setting in db.session.scalars(select(NotificationSetting)):
                    setting.falls_back = False
            case "not where nothing else reaches them":
                for point in db.session.scalars(select(ContactPoint)):
                    if point.channel == "sms":
                        db.session.delete(point)
                    else:
                        point.address = "US.1" if point.channel == "whatsapp" else point.address
            case "not what staff tried again":
                message = db.session.scalars(
                    select(Message).where(Message.not_after.is_not(None))
                ).one()
                try_again(message, LATER, None).not_after = LATER + timedelta(hours=1)
        db.session.commit()
    if what == "not to whom said STOP there":
        hear(salon, "STOP", at=EVE)
    plan_fallbacks(moment)
    if what == "not of what was cancelled":
        change(salon, sent, now="2026-11-19 10:06", status="cancelled")
    dispatch(moment)
    assert said(salon) == messages
    assert row_of(salon, sent).cause == cause


def test_what_the_night_held_back_goes_in_the_morning_by_the_same_channel(
    salon: Business, sent: int
) -> None:
    night, morning = at("2026-11-19 21:00"), at("2026-11-20 08:00")
    drain(night)
    look(night)
    look(night + timedelta(hours=1))
    row = row_of(salon, sent)
    assert (row.status, row.due_at) == ("planned", morning)
    look(morning)
    look(morning)
    with tenant_scope(salon.id):
        errors = db.session.scalars(
            select(Message.error).where(Message.not_after.is_not(None)).order_by(Message.id)
        ).all()
    assert errors == [TOO_LATE, None]
    assert said(salon) == ["whatsapp failed", "whatsapp queued"]
    assert row_of(salon, sent).status == "sent"


def test_where_nothing_failed_a_look_costs_one_statement(salon: Business, sent: int) -> None:
    with statements() as made:
        assert plan_fallbacks(LATER) == 0
    assert len(made) == 1
