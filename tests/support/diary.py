"""Appointments to test with, and what their notifications have come to."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from app.appointments.diary import Booking
from app.extensions import db
from app.models import Appointment, Message, Notification, NotificationSetting
from app.models.customer import Person
from app.notifications.planning.plan import keep
from app.tenancy import tenant_scope
from tests.support.world import Business


def at(wall: str, timezone: str = "America/New_York") -> datetime:
    """«2026-11-18 10:00» on the salon's wall."""
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def booking(starts_at: datetime, minutes: int) -> Booking:
    """As the calendar finds it, of nobody in particular."""
    return Booking(
        1, 1, None, None, starts_at, minutes, "scheduled", None, None, Person("", "", ())
    )


def book(
    owner: Business, start: str, now: str, announce: bool = True, status: str = "scheduled"
) -> int:
    """An appointment of the business's customer, planned and committed; its id."""
    with tenant_scope(owner.id):
        appointment = Appointment(
            customer_id=owner.customer_id, starts_at=at(start), booked_at=at(now), status=status
        )
        db.session.add(appointment)
        keep(appointment, at(now), announce)
        db.session.commit()
        return appointment.id


def change(owner: Business, id_: int, now: str, start: str = "", status: str = "") -> None:
    """The appointment is moved, or comes into another state, planned and committed."""
    with tenant_scope(owner.id):
        appointment = db.session.get_one(Appointment, id_)
        if start:
            appointment.starts_at, appointment.booked_at = at(start), at(now)
        appointment.status = status or appointment.status
        keep(appointment, at(now))
        db.session.commit()


def states(owner: Business, id_: int, type_: str = "appointment_reminder") -> list[str]:
    """What became of each notification: «24h 2026-11-17 10:00 planned», in their order."""
    query = select(Notification).where(Notification.appointment_id == id_)
    with tenant_scope(owner.id):
        rows = db.session.scalars(query.where(Notification.type == type_).order_by(Notification.id))
        found = [_told(row, owner) for row in rows]
        db.session.rollback()
    return found


def _told(row: Notification, owner: Business) -> str:
    due = row.due_at.astimezone(ZoneInfo(owner.timezone))
    word = row.cause if row.status in ("skipped", "cancelled") else row.status
    return f"{row.step // 60}h {due:%Y-%m-%d %H:%M} {word}"


def options(owner: Business, type_: str, enabled: bool = True, **values: object) -> None:
    """The business sets the type up so, committed."""
    with tenant_scope(owner.id):
        row = db.session.scalars(
            select(NotificationSetting).where(NotificationSetting.type == type_)
        ).one()
        row.enabled, row.options = enabled, row.options | values
        db.session.commit()


def waiting(owner: Business) -> list[str]:
    """What the business's automatic messages in the outbox say and are, in their order."""
    query = select(Message).where(Message.client_token.like("notification-%")).order_by(Message.id)
    with tenant_scope(owner.id):
        found = [f"{message.status.value}: {message.body}" for message in db.session.scalars(query)]
        db.session.rollback()
    return found


def left(owner: Business) -> None:
    """What waited in the outbox has left it, and was delivered."""
    with tenant_scope(owner.id):
        db.session.execute(
            update(Message).where(Message.status == "queued").values(status="delivered")
        )
        db.session.commit()
