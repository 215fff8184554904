"""Automatic messages that our Twilio account does not carry, or not today."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import ContactPoint, Message, Notification, NotificationSetting, Spending
from app.notifications.dispatch import dispatch
from app.notifications.forecast.why import sentence
from app.tenancy import tenant_scope
from tests.appointments.test_import_appointments import HEADER, imported
from tests.outbox.queue.test_destinations import change, move
from tests.support.diary import at, book, fate
from tests.support.mailboxes import Mailboxes
from tests.support.world import Business

DUE = at("2026-11-19 10:00")


@pytest.fixture
def booked(salon: Business, garage: Business) -> int:
    return book(salon, "2026-11-20 10:00", now="2026-11-10 12:00", announce=False)


def reminder(business: Business, booked: int) -> Notification:
    query = select(Notification).where(Notification.appointment_id == booked)
    of_type = query.where(Notification.type == "appointment_reminder")
    return db.session.scalars(of_type).one()


def messages(business: Business) -> list[Message]:
    with tenant_scope(business.id):
        query = select(Message).where(Message.not_after.is_not(None))
        return list(db.session.scalars(query))


def test_a_reminder_to_a_closed_country_is_left_out_with_the_reason(
    salon: Business, booked: int
) -> None:
    move(salon, "+491701234567")
    with tenant_scope(salon.id):
        told = sentence(reminder(salon, booked), at("2026-11-18 10:00"))
        assert "Will not go out" in told and "This number is in Germany" in told
        db.session.rollback()
    dispatch(DUE)
    assert fate(salon, booked) == ["24h 2026-11-19 10:00 unreachable"]
    assert messages(salon) == []


@pytest.mark.parametrize("falls_back", [True, False])
def test_what_is_beyond_the_limit_goes_by_email_where_the_business_wants_that_and_else_waits(
    post: Mailboxes, salon: Business, booked: int, falls_back: bool
) -> None:
    change(salon, segments_a_day=10)
    with tenant_scope(salon.id):
        address = {"channel": "email", "address": "ann@customer.test"}
        db.session.add(ContactPoint(customer_id=salon.customer_id, **address))
        # Of ten a fifth is the staff's.
        db.session.add(Spending(day=DUE.date(), kind="segments", used=8))
        for row in db.session.scalars(select(NotificationSetting)):
            row.falls_back, row.channel = falls_back, "sms"
        db.session.commit()
    dispatch(DUE)
    [message] = messages(salon)
    assert message.channel == ("email" if falls_back else "sms")


def test_an_import_takes_a_customer_who_cannot_be_texted(salon: Business, tmp_path: Path) -> None:
    move(salon, "+491701234567")
    row = "a1,+491701234567,,,2099-11-30T14:30,,\n"
    assert "1 created, 0 updated, 0 unchanged, 0 rejected" in imported(tmp_path, HEADER + row)
    dispatch(DUE)
    assert messages(salon) == []
