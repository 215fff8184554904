"""What was and will be with a customer, a statement for each section of their page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Integer, select
from sqlalchemy.orm import joinedload

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

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)


def appointments(customer: Customer) -> list[Visit]:
    """The latest first."""
    return _VISITS.all(customer_id=customer.id)


def calls(customer: Customer) -> Sequence[Call]:
    """The latest first, each with its follow-up."""
    ids = _CALLS.all(customer_id=customer.id)
    query = select(Call).where(Call.id.in_(ids)).order_by(Call.started_at.desc())
    follow_up = joinedload(Call.follow_up).joinedload(Notification.message)
    return db.session.scalars(query.options(follow_up)).all() if ids else []


_CUSTOMER = given("customer_id", Integer())
_VISITS = Prepared(
    Visit,
    select(
        *(getattr(Appointment, name) for name in Visit._fields[:4]),
        Service.name,
        StaffMember.name,
    )
    .outerjoin(Service, Service.id == Appointment.service_id)
    .outerjoin(StaffMember, StaffMember.id == Appointment.staff_member_id)
    .where(Appointment.customer_id == _CUSTOMER)
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
