"""What a customer does to their own appointment by its link: staff's commands, within limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app import events
from app.appointments import commands
from app.appointments.booking_warnings import one_at_a_time
from app.appointments.commands import Refused
from app.appointments.places.free_places import Place
from app.appointments.places.load_places import Booked, places_for
from app.appointments.rules import CANCELLED, CONFIRMED, SCHEDULED
from app.audit.acting import Actor, acting_as
from app.extensions import db
from app.models import Appointment, Tenant
from app.notifications.types.notification_type import EXPECTED
from app.tenancy import current_tenant_id

# As the log of changes names whoever has the link.
BY_LINK = Actor(None, "The customer by their link", False)
# So many days on the customer may choose among.
DAYS = timedelta(days=60)
MOMENT = timedelta(minutes=1)


class Why(StrEnum):
    """What keeps a customer from it."""

    OVER = "over"
    CANCELLED = "cancelled"
    LATE = "late"
    OFTEN = "often"
    ASK = "ask"
    """What it is for is not booked online."""
    TAKEN = "taken"
    """Somebody else was quicker, or it was never free."""
    MEANWHILE = "meanwhile"
    """It is at another time by now."""


class NotByLink(Refused):
    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class May(NamedTuple):
    """What the customer can do to it now."""

    confirm: bool = False
    cancel: bool = False
    move: bool = False
    why: Why | None = None
    """Why not all of it."""


def may(appointment: Appointment, tenant: Tenant, now: datetime) -> May:
    if appointment.status == CANCELLED:
        return May(why=Why.CANCELLED)
    if appointment.status not in EXPECTED or appointment.starts_at <= now:
        return May(why=Why.OVER)
    confirm = appointment.status == SCHEDULED
    if appointment.starts_at < earliest(tenant, now):
        return May(confirm, why=Why.LATE)
    service = appointment.service
    if not (tenant.manage_moves and service and service.active and service.bookable_online):
        return May(confirm, cancel=True, why=Why.ASK)
    if appointment.customer_moves >= tenant.manage_moves:
        return May(confirm, cancel=True, why=Why.OFTEN)
    return May(confirm, cancel=True, move=True)


def earliest(tenant: Tenant, now: datetime) -> datetime:
    """What begins before then stays as it is, and nothing is moved there."""
    return now + timedelta(hours=tenant.manage_hours)


def places(appointment: Appointment, day: date, days: int, now: datetime) -> list[Place]:
    """Where it could be moved to on a day and those after it."""
    tenant = _tenant()
    zone = ZoneInfo(tenant.timezone)
    first, end = (datetime.combine(day + timedelta(days=each), time(), zone) for each in (0, days))
    return _places(appointment, max(first, earliest(tenant, now)), min(end, now + DAYS))


def confirm(appointment_id: int, now: datetime) -> Appointment:
    """Raises Refused."""
    with _theirs(appointment_id, now) as allowed:
        _refuse(None if allowed.confirm else allowed.why or Why.MEANWHILE)
        return commands.confirm(appointment_id, now)


def cancel(appointment_id: int, now: datetime) -> Appointment:
    """Its customer is told by message as well, as another may have the link. Raises Refused."""
    with _theirs(appointment_id, now) as allowed:
        _refuse(None if allowed.cancel else allowed.why)
        return commands.cancel(appointment_id, now, tell=True)


def move(appointment_id: int, now: datetime, *, to: datetime, seen: datetime | None) -> Appointment:
    """To a free place, and the old one is free from then on: both or neither. The customer is told,
    likewise. seen: the start that they knew of. Raises Refused."""
    # Of two who want one place, staff included, the second sees what the first made.
    one_at_a_time()
    with _theirs(appointment_id, now) as allowed:
        appointment = commands.locked(appointment_id)
        _refuse(None if allowed.move else allowed.why)
        _refuse(Why.MEANWHILE if appointment.starts_at != seen else None)
        _refuse(None if _is_free(appointment, to, now) else Why.TAKEN)
        # Whoever chooses a time means to come.
        moved = commands.alter(appointment_id, now, tell=True, starts_at=to, status=CONFIRMED)
        moved.customer_moves += 1
        return commands.done(moved)


def _is_free(appointment: Appointment, to: datetime, now: datetime) -> bool:
    if not earliest(_tenant(), now) <= to <= now + DAYS:
        return False
    return any(each.starts_at == to for each in _places(appointment, to, to + MOMENT))


def _places(appointment: Appointment, since: datetime, until: datetime) -> list[Place]:
    whose, lasts = appointment.staff_member_id, appointment.duration_minutes
    booked = Booked(appointment.id, whose, lasts, appointment.service)
    found = places_for(booked, since, until)
    return [each for each in found if each.starts_at != appointment.starts_at]


@contextmanager
def _theirs(appointment_id: int, now: datetime) -> Iterator[May]:
    """What may be done to it, which is nobody else's until the transaction ends."""
    with events.by_link(), acting_as(BY_LINK):
        yield may(commands.locked(appointment_id), _tenant(), now)


def _refuse(why: Why | None) -> None:
    if why:
        raise NotByLink(why)


def _tenant() -> Tenant:
    return db.session.get_one(Tenant, current_tenant_id())
