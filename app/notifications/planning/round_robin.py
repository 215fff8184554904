"""Round robin over all businesses' rows: nobody's backlog keeps the others waiting."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app import tasks
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import running
from app.models import Appointment, AutomationEvent, AutomationRun, Call, Notification
from app.tenancy import tenant_scope, unscoped

Kind = (
    type[Appointment]
    | type[AutomationEvent]
    | type[AutomationRun]
    | type[Call]
    | type[Notification]
)
# Of a tenant, and of all, before it is looked again who waits.
EACH, MOST = 200, 2000

log = structlog.get_logger()


def round_robin(
    kind: Kind,
    waits: ColumnElement[bool],
    order: InstrumentedAttribute[Any],
    work: Callable[[int], bool],
    now: datetime,
    time_slice: timedelta,
    task: tasks.Task,
) -> int:
    """Do the work on each row that waits, in the scope of its business: the first of each, then
    the second of each, and so on. How many it was done to; after the time slice it enqueues
    the task for what is left.

    The work is given the row's id, takes its lock, commits, and says whether there was anything
    to do. A row over which our code breaks, or that somebody else works on, stands alone, until
    the next call.
    """
    done, left, clock = 0, set[int](), running(now)
    while found := _some(kind, waits & kind.id.not_in(left), order):
        for tenant_id, id_ in found:
            if shutdown.requested():
                return done
            if _worked(kind, work, tenant_id, id_):
                done += 1
            else:
                left.add(id_)
            if clock() >= now + time_slice:
                tasks.enqueue(task)
                return done
    return done


def _worked(kind: Kind, work: Callable[[int], bool], tenant_id: int, id_: int) -> bool:
    try:
        with tenant_scope(tenant_id):
            return work(id_)
    except Exception as error:
        log.error("row_broke", table=kind.__tablename__, row=id_, fault=place(error))
        return False
    finally:
        db.session.rollback()


def _some(
    kind: Kind, waits: ColumnElement[bool], order: InstrumentedAttribute[Any]
) -> list[tuple[int, int]]:
    """The tenant and the id of the next ones of each tenant."""
    query = _line(kind, waits, order)
    with unscoped("the planner and the dispatcher serve all tenants"):
        found = [(row.tenant_id, row.id) for row in db.session.execute(query)]
        db.session.rollback()
    return found


def _line(kind: Kind, waits: ColumnElement[bool], order: InstrumentedAttribute[Any]) -> Select[Any]:
    turn = func.row_number().over(partition_by=kind.tenant_id, order_by=(order, kind.id))
    line = (
        select(kind.tenant_id, kind.id, order.label("moment"), turn.label("turn"))
        .where(waits)
        .subquery()
    )
    return (
        select(line.c.tenant_id, line.c.id)
        .where(line.c.turn <= EACH)
        # Of the firsts, whoever waits longest: no tenant's number is worth anything.
        .order_by(line.c.turn, line.c.moment, line.c.id)
        .limit(MOST)
    )
