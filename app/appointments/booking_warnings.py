"""What a person is asked before a double booking, one in the past, or one while nobody works:
allowed, and rarely meant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.appointments.diary import Booking, colliding
from app.appointments.rules import OVER
from app.business_hours.load_working_hours import schedule
from app.business_hours.working_hours import Absence
from app.extensions import db
from app.models import Appointment, StaffMember
from app.tenancy import current_tenant_id

# Whoever walks in is entered a little later.
WALK_IN = timedelta(minutes=15)
MOST = 5
# Of advisory locks; any number that nothing else here uses.
ASKING = 4712


@dataclass(frozen=True)
class BookingWarning:
    """What speaks against an appointment as it would be stored."""

    late: timedelta | None
    """How long ago it would begin; None: it is not in the past."""
    absent: Absence | None
    """Why nobody is expected to work then; None: somebody is, or nobody knows."""
    person: str | None
    """Who was to give it."""
    others: list[Booking]
    """What else its staff member has to do then; one more than MOST where there are too many."""
    about: frozenset[str]
    """What an answer names, so that it holds for what was asked and nothing that came since."""


def one_at_a_time() -> None:
    """Wait for whoever else in the business books or moves and could be asked, until they have
    committed: of two at once the second sees what the first made. Before any other lock."""
    lock = func.pg_advisory_xact_lock(ASKING, current_tenant_id())
    db.session.execute(select(lock))


def warning(
    appointment: Appointment, now: datetime, moves: bool, answered: frozenset[str]
) -> BookingWarning | None:
    """Whether it is meant, where that was not answered yet; moves: its start is a new one."""
    late = now - appointment.starts_at
    # What is over, or did not take place, is rightly in the past.
    asks = moves and late > WALK_IN and appointment.status not in OVER
    past = {f"at-{appointment.starts_at.timestamp():.0f}"} if asks else set()
    absent = None if appointment.status in OVER else _absent(appointment)
    when = f"{appointment.starts_at.timestamp():.0f}-{appointment.ends_at.timestamp():.0f}"
    away = {f"{absent}-{appointment.staff_member_id}-{when}"} if absent else set()
    others = colliding(appointment)[: MOST + 1]
    about = frozenset(past | away | {str(each.id) for each in others})
    if about <= answered:
        return None
    return BookingWarning(late if past else None, absent, _person(appointment), others, about)


def _absent(appointment: Appointment) -> Absence | None:
    now = schedule((appointment.starts_at - timedelta(days=1)).date())
    theirs = now.of(appointment.staff_member_id)
    return theirs.absent(appointment.starts_at, appointment.ends_at, now.zone)


def _person(appointment: Appointment) -> str | None:
    # The relationship may still be with whoever it was before.
    id_ = appointment.staff_member_id
    return db.session.get_one(StaffMember, id_).name if id_ else None
