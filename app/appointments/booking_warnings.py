"""What a person is asked before a double booking, or one in the past: allowed, and rarely meant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.appointments.diary import Booking, colliding
from app.appointments.rules import OVER
from app.extensions import db
from app.models import Appointment
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
    others = colliding(appointment)[: MOST + 1]
    about = frozenset(past | {str(each.id) for each in others})
    if about <= answered:
        return None
    return BookingWarning(late if past else None, others, about)
