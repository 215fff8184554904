"""Writes the exports of all businesses, a while of each in turn, and ends those whose time is over.

The lock of an export's row is the claim: what is written, and how far that is, are committed
together.
"""

from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy import ColumnElement, or_, select

from app import live
from app.emails import queue
from app.emails.kinds import export_ready
from app.exports import export_files, transitions
from app.exports.export_files import Nowhere
from app.exports.write_export import write
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import local_day, running
from app.models import ExportStatus as Status
from app.models import Tenant, TenantExport
from app.tasks import SLOW_TIME_SLICE, Task, enqueue
from app.tenancy import current_tenant_id, tenant_scope, unscoped
from app.users.user_access import admins

# A business's turn; then the others' exports go on.
TURN_SECONDS = 2.0
# After a fault of ours, until it is tried again; and how often in a row.
REST, MOST_FAULTS = timedelta(seconds=30), 10
GIVEN_UP = "This stopped because of a fault of ours. Nothing was lost: start the export again."
# So many end at once.
AT_ONCE = 100
READY = TenantExport.status == Status.READY
KIND = export_ready.KIND

log = structlog.get_logger()


def work(now: datetime) -> None:
    """For a time slice; then the task is enqueued for what is left."""
    clock = running(now)
    _end_old(now)
    while _turn(clock()):
        if shutdown.requested():
            return
        if clock() >= now + SLOW_TIME_SLICE:
            enqueue(Task.WORK_EXPORTS)
            return


def _turn(now: datetime) -> bool:
    """Whether there was anything to do."""
    rested = or_(TenantExport.faults == 0, TenantExport.worked_at < now - REST)
    found = _found(1, TenantExport.status == Status.WRITING, rested)
    for tenant_id, export_id in found:
        with tenant_scope(tenant_id):
            _guarded(export_id, now)
        db.session.remove()
    return bool(found)


def _found(most: int, *which: ColumnElement[bool]) -> list[tuple[int, int]]:
    """Exports that nobody holds, by business and id, whoever waits longest first."""
    query = select(TenantExport.tenant_id, TenantExport.id).where(*which)
    line = query.order_by(TenantExport.worked_at).limit(most).with_for_update(skip_locked=True)
    with unscoped("exports of all tenants wait in one line"):
        rows = db.session.execute(line).all()
        db.session.rollback()
    return [(row[0], row[1]) for row in rows]


def _guarded(export_id: int, now: datetime) -> None:
    """Never raises for what it is made of, nor for a disk that is full."""
    try:
        _advance(export_id, now)
    except Exception as error:
        log.error("export_fault", export=export_id, fault=place(error))
        db.session.rollback()
        _count_fault(export_id, now)
    live.publish(current_tenant_id(), live.EXPORTS)


def _advance(export_id: int, now: datetime) -> None:
    export = _claimed(export_id, Status.WRITING)
    if export is None:
        return
    until = monotonic() + TURN_SECONDS
    write(export, lambda: shutdown.requested() or monotonic() >= until, now)
    export.worked_at, export.faults = now, 0
    told = export.status == Status.READY and _tell(export, now)
    db.session.commit()
    if told:
        enqueue(Task.SEND_USER_EMAILS)


def _claimed(export_id: int, status: Status) -> TenantExport | None:
    """Ours until the transaction ends; None: somebody else has it, or it is over."""
    query = select(TenantExport).where(TenantExport.id == export_id, TenantExport.status == status)
    return db.session.scalar(query.with_for_update(skip_locked=True))


def _tell(export: TenantExport, now: datetime) -> bool:
    """Whether an email to the admins was written: all hear of it, whoever asked for it."""
    tenant = db.session.get_one(Tenant, export.tenant_id)
    values = {
        "business": tenant.name,
        "who": str(export.asked_by or "somebody who is no longer here"),
        "until": f"{local_day(now + transitions.LASTS, tenant.timezone):%Y-%m-%d}",
    }
    told = [queue.write(each, KIND, values, now) for each in admins()]
    return any(told)


def _count_fault(export_id: int, now: datetime) -> None:
    export = _claimed(export_id, Status.WRITING)
    if export is None:
        return
    export.faults += 1
    export.worked_at = now
    if export.faults >= MOST_FAULTS:
        transitions.fail(export, GIVEN_UP, now)
        _remove(export)
    db.session.commit()


def _end_old(now: datetime) -> None:
    """Whose week is over: the file goes, and the row says that it was there."""
    for tenant_id, export_id in _found(AT_ONCE, TenantExport.ends_at <= now, READY):
        with tenant_scope(tenant_id):
            export = _claimed(export_id, Status.READY)
            if export and _remove(export):
                transitions.end(export, now)
            db.session.commit()
        db.session.remove()


def _remove(export: TenantExport) -> bool:
    """Whether its files are gone."""
    try:
        export_files.remove(export)
    except (OSError, Nowhere) as error:
        log.error("export_not_removed", export=export.id, error=type(error).__name__)
        return False
    return True
