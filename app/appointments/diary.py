"""The appointments of some days, and which of them collide."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, DateTime, Integer, Text, all_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.appointments.rules import CANCELLED, NO_SHOW
from app.models import Appointment, Customer, Service, StaffMember
from app.models.contact_point import addresses_of
from app.models.customer import Person
from app.models.pinned_fact import facts_of
from app.prepared import Prepared, given

# As long as the longest appointment: one that began so long ago may still go on.
LONGEST = timedelta(days=1)
# In these states it takes nobody's time.
FREE = (CANCELLED, NO_SHOW)
# More on a page is no help to anybody, and keeps the web from others.
MOST = 1_000
# In place of a staff member's id: what no person was chosen for.
ANYONES = 0


class Booking(NamedTuple):
    """As the columns of Appointment, with whom and what it is about."""

    id: int
    customer_id: int
    service_id: int | None
    staff_member_id: int | None
    starts_at: datetime
    duration_minutes: int
    status: str
    service: str | None
    staff_member: str | None
    customer: Person
    who_comes: str = ""
    """The name of who comes, where that is not the customer."""
    pinned: Sequence[str] = ()
    """What everybody should know of who comes."""

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)


def between(start: datetime, end: datetime, whose: int | None = None) -> list[Booking]:
    """Those that take place in a time, by their start, of everybody or a staff member's; one more
    than MOST where there are too many to show."""
    return _between(start, end, whose, MOST + 1, ())


def taking_time(start: datetime, end: datetime, whose: int | None, most: int) -> list[Booking]:
    """Likewise, those that take somebody's time, and so many at most."""
    return _between(start, end, whose, most, FREE)


def _between(
    start: datetime, end: datetime, whose: int | None, most: int, without: Sequence[str]
) -> list[Booking]:
    when = {"since": start - LONGEST, "start": start, "end": end}
    return _BETWEEN.all(**when, whose=whose, most=most, without=[*without])


def colliding(appointment: Appointment) -> list[Booking]:
    """What else the same staff member has to do meanwhile."""
    whose = appointment.staff_member_id
    if whose is None or appointment.status in FREE:
        return []
    found = between(appointment.starts_at, appointment.ends_at, whose)
    return [each for each in found if each.id != appointment.id and each.status not in FREE]


def _whose(column: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    wanted = func.coalesce(given("whose", Integer()), column, ANYONES)
    return func.coalesce(column, ANYONES) == wanted


def _booking(*columns: Any) -> Booking:
    *plain, first, last, known, name, attends, called, pinned = columns
    who_comes = name or f"{attends or ''} {called or ''}".strip()
    return Booking._make(
        (*plain, Person(first, last, tuple(known or ())), who_comes, tuple(pinned or ()))
    )


_INSTANT = DateTime(timezone=True)
_length = func.make_interval(0, 0, 0, 0, 0, Appointment.duration_minutes)
# Whom they are about is asked of the rows that are found, each by its key.
_found = aliased(
    Appointment,
    select(Appointment)
    .where(Appointment.starts_at > given("since", _INSTANT))
    .where(Appointment.starts_at < given("end", _INSTANT))
    .where(Appointment.starts_at + _length > given("start", _INSTANT))
    .where(_whose(Appointment.staff_member_id))
    .where(Appointment.status != all_(given("without", ARRAY(Text))))
    .order_by(Appointment.starts_at, Appointment.id)
    .limit(given("most", Integer()))
    .subquery(),
)
_attendee = aliased(Customer)
_comes = func.coalesce(_found.attendee_id, _found.customer_id)
_BETWEEN = Prepared(
    _booking,
    select(
        *(getattr(_found, name) for name in Booking._fields[:7]),
        Service.name,
        StaffMember.name,
        Customer.first_name,
        Customer.last_name,
        addresses_of(_found.customer_id),
        _found.attendee_name,
        _attendee.first_name,
        _attendee.last_name,
        case((_found.attendee_name == "", facts_of(_comes))),
    )
    .join(Customer, Customer.id == _found.customer_id)
    .outerjoin(_attendee, _attendee.id == _found.attendee_id)
    .outerjoin(Service, Service.id == _found.service_id)
    .outerjoin(StaffMember, StaffMember.id == _found.staff_member_id)
    .order_by(_found.starts_at, _found.id),
)
