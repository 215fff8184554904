"""What was and will be with a customer, a statement for each section of their page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Integer, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.extensions import db
from app.models import Appointment, Call, Customer, Notification, Service, StaffMember
from app.prepared import Prepared, given

# Of each section the latest; what is older stands in the panels.
MOST = 30


class Visit(NamedTuple):
    """As the columns of Appointment, with what it is about."""

    id: int
    starts_at: datetime
    duration_minutes: int
    status: str
    service: str | None
    staff_member: str | None
    customer_id: int
    """Who is written to about it."""
    attendee: str
    """The name of who comes, where that is somebody else."""

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)


def appointments(customer: Customer) -> list[Visit]:
    """What was agreed on with them, for whomever, and what they attend; the latest first."""
    return _VISITS.all(customer_id=customer.id)


def calls(customer: Customer) -> Sequence[Call]:
    """The latest first, each with its follow-up."""
    ids = _CALLS.all(customer_id=customer.id)
    query = select(Call).where(Call.id.in_(ids)).order_by(Call.started_at.desc())
    follow_up = joinedload(Call.follow_up).joinedload(Notification.message)
    return db.session.scalars(query.options(follow_up)).all() if ids else []


_CUSTOMER = given("customer_id", Integer())
_attendee = aliased(Customer)
_VISITS = Prepared(
    Visit,
    select(
        *(getattr(Appointment, name) for name in Visit._fields[:4]),
        Service.name,
        StaffMember.name,
        Appointment.customer_id,
        func.coalesce(
            func.nullif(Appointment.attendee_name, ""),
            func.trim(_attendee.first_name + " " + _attendee.last_name),
            "",
        ),
    )
    .outerjoin(_attendee, _attendee.id == Appointment.attendee_id)
    .outerjoin(Service, Service.id == Appointment.service_id)
    .outerjoin(StaffMember, StaffMember.id == Appointment.staff_member_id)
    .where(or_(Appointment.customer_id == _CUSTOMER, Appointment.attendee_id == _CUSTOMER))
    .order_by(Appointment.starts_at.desc())
    .limit(MOST),
)
_CALLS = Prepared(
    int,
    select(Call.id)
    .where(Call.customer_id == _CUSTOMER)
    .order_by(Call.started_at.desc())
    .limit(MOST),
)
