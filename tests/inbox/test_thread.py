"""What a thread tells beside what was said: appointments, calls, and why something went."""

from datetime import timedelta

from sqlalchemy import select, update

from app.appointments import commands
from app.extensions import db
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call, ConversationEvent, Message, Notification
from app.notifications.types.review_request import TYPE
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells
from tests.support.browser import Browser
from tests.support.world import NOON, Business, say

START, LATER = NOON + timedelta(days=3), NOON + timedelta(days=4)


def test_what_becomes_of_an_appointment_stands_in_the_thread(
    salon: Business, garage: Business, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        about = {"customer_id": salon.customer_id, "duration_minutes": 60}
        made = commands.book(NOON, starts_at=START, **about).id  # type: ignore[typeddict-item]
        commands.change(made, NOON, starts_at=LATER)
        # Moved and moved back before anybody was told: it was never moved.
        commands.change(made, NOON, starts_at=START)
        commands.cancel(made, NOON + timedelta(minutes=5))
        kinds = select(ConversationEvent.kind).where(ConversationEvent.appointment_id == made)
        assert db.session.scalars(kinds).all() == ["booked", "cancelled"]
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert "Appointment booked: Sat, Nov 21, 12:00 PM" in page
    assert f'href="/calendar/{made}">Appointment cancelled: Sat, Nov 21, 12:00 PM</a>' in page
    other = Browser(garage.staff).get(f"/messages/{garage.customer_id}").text
    assert "Appointment booked" not in other


def test_what_went_by_itself_says_why_and_a_taken_call_how_long(
    salon: Business, staff: Browser
) -> None:
    sent = say(salon, "How was it?")
    with tenant_scope(salon.id):
        of_it = update(Message).where(Message.id == sent)
        db.session.execute(of_it.values(client_token="notification-1-0"))
        db.session.execute(update(Notification).values(message_id=sent, status="sent"))
        taken = update(Call).values(
            outcome=CallOutcome.ANSWERED, missed_at=None, duration_seconds=130
        )
        db.session.execute(taken)
        db.session.commit()
    page = cells(staff.get(f"/messages/{salon.customer_id}").text)
    assert f"{TYPE.label}: {TYPE.rule}" in page
    assert "Call answered, 2 minutes" in page
    alone = staff.get(f"/messages/{salon.customer_id}?part=message&message={sent}").text
    assert TYPE.label in alone
