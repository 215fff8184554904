"""Values to show a template with, for a customer of the business or for nobody in particular."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib.time.clock import local_day
from app.models import Appointment, Customer, Service, StaffMember, Tenant
from app.models.appointment import AppointmentStatus
from app.notifications.content.variables import values
from app.notifications.types.notification_type import Kind

LINK = "https://example.com/review"
MOST = 20
COMING = (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED)


def sample(
    kind: Kind,
    tenant: Tenant,
    language: str,
    now: datetime,
    customer: Customer | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """A customer's values with their next appointment; without either, made-up ones. more: as for
    `values`.

    A made-up appointment is tomorrow afternoon, with a service and a staff member of the tenant's.
    """
    appointment = (next_of(customer, now) if customer else None) or _made_up(tenant, now)
    person = customer or Customer(first_name="Maria")
    text = " ".join(kind.variables)
    return values(kind, tenant, language, person, appointment, LINK, more=more, text=text)


def next_of(customer: Customer, now: datetime) -> Appointment | None:
    """The next appointment that the customer has."""
    query = select(Appointment).where(
        Appointment.customer_id == customer.id,
        Appointment.starts_at > now,
        Appointment.status.in_(COMING),
    )
    return db.session.scalar(query.order_by(Appointment.starts_at).limit(1))


def soon(now: datetime) -> dict[Customer, Appointment]:
    """Who comes next, with their next appointment; not more than a person would choose from."""
    query = (
        select(Appointment)
        .where(Appointment.starts_at > now, Appointment.status.in_(COMING))
        .order_by(Appointment.starts_at)
        .limit(MOST)
        .options(joinedload(Appointment.customer))
    )
    coming: dict[Customer, Appointment] = {}
    for appointment in db.session.scalars(query):
        coming.setdefault(appointment.customer, appointment)
    return coming


def _made_up(tenant: Tenant, now: datetime) -> Appointment:
    tomorrow = local_day(now, tenant.timezone) + timedelta(days=1)
    return Appointment(
        starts_at=datetime.combine(tomorrow, time(14, 30), ZoneInfo(tenant.timezone)),
        service=db.session.scalar(select(Service).where(Service.active).limit(1)),
        staff_member=db.session.scalar(select(StaffMember).where(StaffMember.active).limit(1)),
    )
