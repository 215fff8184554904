"""Plans what was not planned with its appointment: the settings changed, or another program
wrote the row."""

from datetime import datetime

from sqlalchemy import select, update

from app import tasks
from app.extensions import db
from app.models import Appointment
from app.notifications.planning.bulk_lock import take_bulk_lock
from app.notifications.planning.plan import keep
from app.notifications.planning.round_robin import round_robin

UNPLANNED = Appointment.planned_for.is_distinct_from(Appointment.starts_at)


def anew(now: datetime, customer_id: int | None = None, *, elsewhere: bool = False) -> None:
    """What the business plans changed, or where it or the customer lives: the appointments to
    come, or the customer's alone, are planned anew, soon. Part of the caller's transaction, who
    enqueues it afterwards (Task.PLAN).

    elsewhere: the business has another zone, in which nothing has had a local time yet.
    """
    take_bulk_lock()
    coming = update(Appointment).where(Appointment.starts_at > now)
    if customer_id is not None:
        coming = coming.where(Appointment.customer_id == customer_id)
    values = {"planned_for": None} | ({"planned_offset": None} if elsewhere else {})
    db.session.execute(coming.values(values).execution_options(synchronize_session=False))


def replan(now: datetime) -> int:
    """Plan the appointments to come that need it, each committed, for a time slice; how many.
    Enqueues what is left.

    Each business in turn. The cost grows with those appointments, not with the ones there are.
    """
    return round_robin(
        Appointment,
        UNPLANNED & (Appointment.starts_at > now),
        Appointment.starts_at,
        lambda id_: _plan(id_, now),
        now,
        tasks.SLOW_TIME_SLICE,
        tasks.Task.PLAN,
    )


def _plan(id_: int, now: datetime) -> bool:
    lock = select(Appointment).where(Appointment.id == id_, UNPLANNED)
    appointment = db.session.scalar(lock.with_for_update(skip_locked=True))
    if appointment is None:
        return False
    keep(appointment, now, announce=False)
    db.session.commit()
    return True
