"""The free places of the tenant in scope, as its rows are now."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ARRAY, DateTime, Integer, Text, all_, select

from app.appointments.diary import FREE, LONGEST
from app.appointments.places.free_places import Place, Taken, Wanted, free_places
from app.business_hours.load_working_hours import schedule
from app.extensions import db
from app.models import Appointment, Service, ServiceStaff, StaffMember
from app.prepared import Prepared, given

MINUTE = timedelta(minutes=1)
# Beside the appointment itself; no service takes longer after it (Service).
LONGEST_BUFFER = timedelta(hours=8)


class Booked(NamedTuple):
    """What is to be moved: it takes no place of its own, and may stay with whoever gives it."""

    id: int
    staff_member_id: int | None
    duration_minutes: int
    service: Service | None


def places_for(booked: Booked, since: datetime, until: datetime) -> list[Place]:
    """Where an appointment that there is could be instead, with the same staff member, or with
    anybody where nobody was chosen."""
    found = _places(booked.service, booked.duration_minutes, since, until, booked.id)
    chosen = booked.staff_member_id
    return [each for each in found if chosen is None or chosen in each.staff]


def places_of(service: Service, since: datetime, until: datetime) -> list[Place]:
    """Where the service could be booked."""
    return _places(service, service.duration_minutes, since, until, None)


def _places(
    service: Service | None, minutes: int, since: datetime, until: datetime, without: int | None
) -> list[Place]:
    buffer = (service.buffer_minutes if service else 0) * MINUTE
    wanted = Wanted(minutes * MINUTE, buffer, since, until)
    now = schedule(since.date() - LONGEST)
    people = _people(service)
    hours = {id_: hours for id_ in people if (hours := now.of(id_).hours)}
    return free_places(wanted, hours, _taken(wanted, without), now.zone)


def _people(service: Service | None) -> list[int | None]:
    """Who offers it; None alone where nobody takes appointments by name."""
    everybody = db.session.scalars(select(StaffMember.id).where(StaffMember.active)).all()
    if service is None or service.by_all:
        return [*everybody] or [None]
    theirs = select(ServiceStaff.staff_member_id).where(ServiceStaff.service_id == service.id)
    some = set(db.session.scalars(theirs))
    return [each for each in everybody if each in some]


def _taken(wanted: Wanted, without: int | None) -> list[Taken]:
    reach = LONGEST + LONGEST_BUFFER
    return _TAKEN.all(
        since=wanted.since - reach,
        until=wanted.until + reach,
        without=without or 0,
        free=[*FREE],
    )


def _one(id_: int | None, begins: datetime, minutes: int, buffer: int | None) -> Taken:
    return Taken(id_, begins, begins + (minutes + (buffer or 0)) * MINUTE)


_INSTANT = DateTime(timezone=True)
_TAKEN = Prepared(
    _one,
    select(
        Appointment.staff_member_id,
        Appointment.starts_at,
        Appointment.duration_minutes,
        Service.buffer_minutes,
    )
    .outerjoin(Service, Service.id == Appointment.service_id)
    .where(Appointment.starts_at > given("since", _INSTANT))
    .where(Appointment.starts_at < given("until", _INSTANT))
    .where(Appointment.id != given("without", Integer()))
    .where(Appointment.status != all_(given("free", ARRAY(Text)))),
)
