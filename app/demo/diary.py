"""The demo business's services, people, appointments and calls."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.appointments import deeds
from app.extensions import db
from app.lib.call_outcome import CallOutcome
from app.models import Call, ContactPoint, Customer, Service, StaffMember, Tenant
from app.models.appointment import AppointmentStatus

SERVICES = (("Cut & Blow-dry", 60), ("Balayage", 150), ("Beard Trim", 30), ("Highlights", 120))
STAFF = ("Sofia Marino", "Leo Park", "Amara Bello")
# (days from today, wall time, customer's number, service, staff member, state)
DIARY = (
    (-6, "14:00", "+12015550176", 0, 1, AppointmentStatus.COMPLETED),
    (-4, "16:00", "+15515550109", 2, 1, AppointmentStatus.NO_SHOW),
    (-3, "10:00", "+12125550199", 0, 2, AppointmentStatus.CANCELLED),
    (-1, "15:00", "+13055550155", 3, 0, AppointmentStatus.COMPLETED),
    (0, "17:30", "+16465550117", 2, 1, AppointmentStatus.CONFIRMED),
    (1, "11:00", "+19175550163", 1, 0, AppointmentStatus.CONFIRMED),
    (2, "10:30", "+12125550142", 0, 0, AppointmentStatus.SCHEDULED),
    (3, "09:00", "+13475550128", 0, 2, AppointmentStatus.SCHEDULED),
    (5, "13:15", "+17185550191", 3, 0, AppointmentStatus.SCHEDULED),
)
# (hours ago, caller, outcome, seconds)
CALLS = (
    (52.1, "+17185550191", CallOutcome.MISSED, 0),
    (29.8, "+13475550128", CallOutcome.ANSWERED, 184),
    (3.3, "+18485550187", CallOutcome.MISSED, 0),
)


def create(tenant: Tenant, now: datetime) -> None:
    """Fill the diary around today and the list of calls."""
    services = [Service(name=name, duration_minutes=minutes) for name, minutes in SERVICES]
    staff = [StaffMember(name=name) for name in STAFF]
    db.session.add_all([*services, *staff])
    db.session.flush()
    for days, wall, number, service, person, status in DIARY:
        deeds.book(
            now,
            announce=False,
            customer_id=_customer_id(number),
            service_id=services[service].id,
            staff_member_id=staff[person].id,
            starts_at=_at(tenant, now, days, wall),
            duration_minutes=services[service].duration_minutes,
            status=status,
        )
    for hours, caller, outcome, seconds in CALLS:
        db.session.add(
            Call(
                customer_id=_customer_id(caller),
                caller=caller,
                outcome=outcome,
                started_at=now - timedelta(hours=hours),
                missed_at=now - timedelta(hours=hours) if outcome == CallOutcome.MISSED else None,
                duration_seconds=seconds,
            )
        )
    db.session.commit()


def _customer_id(number: str) -> int:
    query = select(Customer.id).join(ContactPoint, ContactPoint.customer_id == Customer.id)
    return db.session.scalars(query.where(ContactPoint.address == number)).one()


def _at(tenant: Tenant, now: datetime, days: int, wall: str) -> datetime:
    zone = ZoneInfo(tenant.timezone)
    day = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(wall), zone)
