"""Plans what was not planned with its appointment: the settings changed, or another program
wrote the row."""

from datetime import datetime

import structlog
from sqlalchemy import select, update

from app.extensions import db
from app.lib import stopping
from app.lib.fault import place
from app.models import Appointment
from app.notifications.plan import keep
from app.tenancy import tenant_scope, unscoped

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
    """Plan every appointment to come that needs it, each committed; how many.

    The cost grows with those, not with the appointments there are. One over which our code
    breaks stands alone, until the next call.
    """
    planned, broken = 0, set[int]()
    while not stopping.asked() and (found := _next(now, broken)):
        tenant_id, id_ = found
        try:
            with tenant_scope(tenant_id):
                keep(db.session.get_one(Appointment, id_), now, announce=False)
                db.session.commit()
            planned += 1
        except Exception as error:
            log.error("not_planned", appointment=id_, fault=place(error))
            db.session.rollback()
            broken.add(id_)
    db.session.rollback()
    return planned


def _next(now: datetime, broken: set[int]) -> tuple[int, int] | None:
    """The tenant and the id of one, locked until the transaction ends."""
    query = (
        select(Appointment.tenant_id, Appointment.id)
        .where(Appointment.planned_for.is_distinct_from(Appointment.starts_at))
        .where(Appointment.starts_at > now, Appointment.id.not_in(broken))
        .order_by(Appointment.starts_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with unscoped("the planner serves all tenants"):
        found = db.session.execute(query).one_or_none()
    return (found.tenant_id, found.id) if found else None
