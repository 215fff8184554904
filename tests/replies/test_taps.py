"""A tapped button changes the appointment whose reminder it stood under, and no other."""

import uuid

from sqlalchemy import select, update

from app.extensions import db
from app.inbound.keywords import said
from app.lib.reminder_buttons import LABELS
from app.models import Appointment, Message, Notification, Reply
from app.notifications.dispatch import dispatch
from app.replies.read import read_replies
from app.tenancy import tenant_scope
from tests.replies.test_replies import BOOKED, EVE, START, THEN, allow, booked, remind
from tests.support import twilio
from tests.support.diary import at, book, left
from tests.support.rcs import SENDER
from tests.support.world import Business, sid

__all__ = ["booked"]


def reminder_of(business: Business, appointment_id: int) -> uuid.UUID:
    with tenant_scope(business.id):
        query = select(Notification.public_id).where(
            Notification.appointment_id == appointment_id,
            Notification.type == "appointment_reminder",
            Notification.status == "sent",
        )
        return db.session.scalars(query).one()


def tap(business: Business, button: str, about: object, label: str, when: str = "") -> Reply:
    """The business's customer taps, at that time; how it was read."""
    form = {
        "MessageSid": sid(),
        "From": f"rcs:{business.customer_number}",
        "To": f"rcs:{SENDER}",
        "Body": label,
        "ButtonText": label,
        "ButtonPayload": f"{button}:{about}",
    }
    assert twilio.post(f"/api/twilio/{business.slug}/sms", form).status_code == 200
    moment = at(when) if when else THEN
    with tenant_scope(business.id):
        mine = select(Message.id).where(Message.provider_sid == form["MessageSid"])
        db.session.execute(update(Message).where(Message.id.in_(mine)).values(created_at=moment))
        db.session.commit()
    read_replies(moment)
    with tenant_scope(business.id):
        return db.session.scalars(select(Reply).where(Reply.message_id.in_(mine))).one()


def status(business: Business, id_: int) -> str:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.get_one(Appointment, id_).status


def test_a_tap_names_its_appointment_among_several(salon: Business, booked: int) -> None:
    other = book(salon, "2026-11-20 12:00", now=BOOKED)
    dispatch(at(EVE))
    left(salon)
    # Typed, it could mean either; in any language the button says which.
    reply = tap(salon, "confirm", reminder_of(salon, booked), "Bestätigen")
    assert (reply.outcome, reply.answered) == ("confirmed", True)
    assert (status(salon, booked), status(salon, other)) == ("confirmed", "scheduled")


def test_who_cannot_come_is_cancelled_where_the_business_lets_answers_cancel(
    salon: Business, booked: int
) -> None:
    assert tap(salon, "cancel", reminder_of(salon, booked), "I can't come").outcome == "to_staff"
    assert status(salon, booked) == "scheduled"
    allow(salon, reply_cancels=True)
    assert tap(salon, "cancel", reminder_of(salon, booked), "I can't come").outcome == "cancelled"
    assert status(salon, booked) == "cancelled"


def test_weeks_later_it_names_an_appointment_that_is_over(salon: Business, booked: int) -> None:
    about = reminder_of(salon, booked)
    later = book(salon, "2026-12-18 10:00", now="2026-12-01 12:00")
    reply = tap(salon, "confirm", about, "Confirm", when="2026-12-10 10:00")
    assert (reply.appointment_id, reply.outcome) == (booked, "to_staff")
    assert "had begun" in reply.reason
    assert status(salon, later) == "scheduled", "nothing is read into the label"


def test_a_strangers_reminder_and_a_foreign_button_change_nothing(
    salon: Business, garage: Business, booked: int
) -> None:
    theirs = remind(garage, START)
    reply = tap(salon, "confirm", reminder_of(garage, theirs), "Confirm")
    assert (reply.outcome, reply.appointment_id) == ("to_staff", None)
    assert tap(salon, "their_own", "button", "Confirm").answer == "none"
    assert {status(salon, booked), status(garage, theirs)} == {"scheduled"}


def test_no_label_is_a_word_that_carriers_read() -> None:
    labels = [each for one in LABELS.values() for each in (one.confirm, one.cancel, one.call)]
    assert [each for each in labels if said(each, "+14155550100")] == []
    assert max(map(len, labels)) <= 20
