"""The appointments of some days, and which of them collide."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.appointments.rules import CANCELLED, NO_SHOW
from app.extensions import db
from app.models import Appointment, Customer

# As long as the longest appointment: one that began so long ago may still go on.
LONGEST = timedelta(days=1)
SHOWN = (
    joinedload(Appointment.customer).joinedload(Customer.contact_points),
    joinedload(Appointment.service),
    joinedload(Appointment.staff_member),
)


def between(start: datetime, end: datetime) -> list[Appointment]:
    """All that take place in a time, by their start, with whom and what they are about."""
    query = (
        select(Appointment)
        .where(Appointment.starts_at > start - LONGEST, Appointment.starts_at < end)
        .order_by(Appointment.starts_at, Appointment.id)
        .options(*SHOWN)
    )
    return [each for each in db.session.scalars(query).unique() if each.ends_at > start]


def colliding(appointment: Appointment) -> Sequence[Appointment]:
    """What else the same staff member has to do meanwhile."""
    if appointment.staff_member_id is None or appointment.status in (CANCELLED, NO_SHOW):
        return ()
    return [
        other
        for other in between(appointment.starts_at, appointment.ends_at)
        if other.staff_member_id == appointment.staff_member_id
        and other.id != appointment.id
        and other.status not in (CANCELLED, NO_SHOW)
    ]
