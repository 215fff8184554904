"""Plans what was not planned with its appointment: the settings changed, or another program
wrote the row."""

from datetime import datetime

import structlog
from sqlalchemy import func, select, update

from app import tasks
from app.extensions import db
from app.lib import stopping
from app.lib.clock import running
from app.lib.fault import place
from app.models import Appointment
from app.notifications.plan import keep
from app.tenancy import tenant_scope, unscoped

# Of a tenant at a time.
EACH = 50
UNPLANNED = Appointment.planned_for.is_distinct_from(Appointment.starts_at)

log = structlog.get_logger()


def anew(now: datetime, customer_id: int | None = None) -> None:
    """What the business plans changed, or where it or the customer lives: the appointments to
    come, or the customer's alone, are planned anew, soon. Part of the caller's transaction, who
    rings afterwards (Task.PLAN)."""
    coming = update(Appointment).where(Appointment.starts_at > now)
    if customer_id is not None:
        coming = coming.where(Appointment.customer_id == customer_id)
    db.session.execute(coming.values(planned_for=None).execution_options(synchronize_session=False))


def replan(now: datetime) -> int:
    """Plan the appointments to come that need it, each committed, for a turn; how many. Rings for
    what is left.

    Of each tenant the next ones at a time, so that nobody's crowd keeps the others waiting. The
    cost grows with those, not with the appointments there are. One over which our code breaks, or
    that somebody else works on, stands alone, until the next call.
    """
    planned, left, clock = 0, set[int](), running(now)
    while found := _some(now, left):
        for tenant_id, id_ in found:
            if stopping.asked():
                return planned
            if _planned(tenant_id, id_, now):
                planned += 1
            else:
                left.add(id_)
        if clock() >= now + tasks.SLOW_TURN:
            tasks.ring(tasks.Task.PLAN)
            break
    return planned


def _planned(tenant_id: int, id_: int, now: datetime) -> bool:
    lock = select(Appointment).where(Appointment.id == id_, UNPLANNED)
    try:
        with tenant_scope(tenant_id):
            appointment = db.session.scalar(lock.with_for_update(skip_locked=True))
            if appointment:
                keep(appointment, now, announce=False)
            db.session.commit()
    except Exception as error:
        log.error("not_planned", appointment=id_, fault=place(error))
        db.session.rollback()
        return False
    return appointment is not None


def _some(now: datetime, left: set[int]) -> list[tuple[int, int]]:
    """The tenant and the id of some, the next ones of each tenant."""
    place_in_line = func.row_number().over(
        partition_by=Appointment.tenant_id, order_by=(Appointment.starts_at, Appointment.id)
    )
    line = (
        select(Appointment.tenant_id, Appointment.id, place_in_line.label("place"))
        .where(UNPLANNED, Appointment.starts_at > now, Appointment.id.not_in(left))
        .subquery()
    )
    query = select(line.c.tenant_id, line.c.id).where(line.c.place <= EACH).order_by(line.c.place)
    with unscoped("the planner serves all tenants"):
        found = [(row.tenant_id, row.id) for row in db.session.execute(query)]
        db.session.rollback()
    return found
