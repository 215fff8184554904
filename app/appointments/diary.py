"""The appointments of some days, and which of them collide."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.appointments.rules import CANCELLED, NO_SHOW
from app.extensions import db
from app.models import Appointment, Customer

# As long as the longest appointment: one that began so long ago may still go on.
LONGEST = timedelta(days=1)
# In these states it takes nobody's time.
FREE = (CANCELLED, NO_SHOW)
# More on a page is no help to anybody, and keeps the web from others.
MOST = 1_000
SHOWN = (
    joinedload(Appointment.customer).joinedload(Customer.contact_points),
    joinedload(Appointment.service),
    joinedload(Appointment.staff_member),
)


def between(
    start: datetime, end: datetime, *more: ColumnElement[bool], most: int | None = None
) -> list[Appointment]:
    """Those that take place in a time, by their start, with whom and what they are about; one more
    than MOST where there are too many to show."""
    length = func.make_interval(0, 0, 0, 0, 0, Appointment.duration_minutes)
    query = (
        select(Appointment)
        .where(Appointment.starts_at > start - LONGEST, Appointment.starts_at < end)
        .where(Appointment.starts_at + length > start, *more)
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(most or MOST + 1)
        .options(*SHOWN)
    )
    return list(db.session.scalars(query).unique())


def colliding(appointment: Appointment, most: int | None = None) -> Sequence[Appointment]:
    """What else the same staff member has to do meanwhile, or so much of it."""
    if appointment.staff_member_id is None or appointment.status in FREE:
        return ()
    return between(
        appointment.starts_at,
        appointment.ends_at,
        Appointment.staff_member_id == appointment.staff_member_id,
        Appointment.id != appointment.id,
        Appointment.status.not_in(FREE),
        most=most,
    )
