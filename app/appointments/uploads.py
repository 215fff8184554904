"""Files of appointments that staff upload: kept as rows, and worked through batch by batch.

The lock of an import's row is the claim: a batch of its rows and how far it came are committed
together, so that whoever takes it up after a worker was killed does nothing twice.
"""

from datetime import datetime, timedelta
from itertools import islice

import structlog
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from app import live
from app.appointments import import_appointments
from app.appointments.commands import Refused
from app.audit.audit_record import record
from app.extensions import db
from app.lib import shutdown
from app.lib.csv_files.csv_rows import BadFile, Report
from app.lib.fault import place
from app.models import AppointmentImport, AuditAction, Tenant
from app.tasks import Task, enqueue
from app.tenancy import current_tenant_id, tenant_scope, unscoped

LARGEST = 2 * 1024 * 1024
MOST_ROWS = 25_000
BATCH = 50
# Its time slice; then others' work goes on, and the task is enqueued for the rest.
MOST_BATCHES = 20
MOST_REASONS = 200
# It quotes the cell, whatever stands there.
LONGEST_REASON = 300
MOST_FAULTS = 5
# After a fault of ours, until it is tried again.
REST = timedelta(seconds=30)
GIVEN_UP = "This import stopped because of a fault of ours. What was taken stays; upload it again."

log = structlog.get_logger()


def accept(
    name: str, content: bytes, announce: bool, tell: bool = False
) -> tuple[AppointmentImport, list[str]]:
    """Keep a file to be worked through; it, and its columns that nobody knows.

    Raises BadFile, or Refused as long as another one is under way.
    """
    if len(content) > LARGEST:
        raise BadFile(f"it is larger than {LARGEST // 1024**2} MB: split it into several")
    rows, unknown = import_appointments.read(content, MOST_ROWS)
    asked = {"announce": announce, "tell": tell}
    upload = AppointmentImport(name=name, content=content, rows=len(rows), **asked)
    db.session.add(upload)
    try:
        db.session.flush()
        record(AuditAction.IMPORTED, facts={"name": name, "rows": len(rows)})
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Refused("Another import is under way. Wait until it has ended.") from None
    enqueue(Task.IMPORT_APPOINTMENTS)
    return upload, unknown


def latest(count: int = 5) -> list[AppointmentImport]:
    query = select(AppointmentImport).order_by(AppointmentImport.id.desc()).limit(count)
    return list(db.session.scalars(query))


def work(now: datetime) -> None:
    """Work through what waits, a batch of each business in turn; enqueue what is left."""
    for _ in range(MOST_BATCHES):
        if shutdown.requested() or not _batch(now):
            return
    enqueue(Task.IMPORT_APPOINTMENTS)


def _batch(now: datetime) -> bool:
    """Whether there was anything to do. Never raises for what is in a file."""
    found = _waiting(now)
    if found is None:
        return False
    tenant_id, upload_id = found
    with tenant_scope(tenant_id):
        try:
            _advance(upload_id, now)
        except Exception as error:
            log.error("import_fault", upload=upload_id, fault=place(error))
            db.session.rollback()
            _count_fault(upload_id, now)
        live.publish(tenant_id, live.APPOINTMENTS)
    db.session.remove()
    return True


def _waiting(now: datetime) -> tuple[int, int] | None:
    rested = or_(AppointmentImport.faults == 0, AppointmentImport.worked_at < now - REST)
    query = (
        select(AppointmentImport.tenant_id, AppointmentImport.id)
        .where(AppointmentImport.finished_at.is_(None), rested)
        .order_by(AppointmentImport.worked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with unscoped("files of all tenants wait in one line"):
        row = db.session.execute(query).one_or_none()
        db.session.rollback()
    return (row[0], row[1]) if row else None


def _advance(upload_id: int, now: datetime) -> None:
    upload = _claimed(upload_id)
    if upload is None or upload.content is None:
        return
    report = Report()
    rows, _ = import_appointments.read(upload.content)
    batch = islice(rows, upload.done, upload.done + BATCH)
    tenant = db.session.get_one(Tenant, current_tenant_id())
    import_appointments.take(
        batch, import_appointments.shop(tenant, upload.announce, upload.tell), now, report
    )
    _note(upload, report, now)
    db.session.commit()


def _claimed(upload_id: int) -> AppointmentImport | None:
    """The import, ours until the transaction ends; None while another worker has it."""
    query = select(AppointmentImport).where(
        AppointmentImport.id == upload_id, AppointmentImport.finished_at.is_(None)
    )
    return db.session.scalar(query.with_for_update(skip_locked=True))


def _note(upload: AppointmentImport, report: Report, now: datetime) -> None:
    upload.done = min(upload.done + BATCH, upload.rows)
    for outcome, count in report.counts.items():
        setattr(upload, outcome, getattr(upload, outcome) + count)
    upload.rejected += len(report.rejected)
    upload.made = [*upload.made, *map(list, report.made)]
    told = [[line, reason[:LONGEST_REASON]] for line, reason in report.rejected]
    upload.reasons = [*upload.reasons, *told][:MOST_REASONS]
    upload.worked_at, upload.faults = now, 0
    if upload.done == upload.rows:
        _finish(upload, now)


def _count_fault(upload_id: int, now: datetime) -> None:
    upload = _claimed(upload_id)
    if upload:
        upload.faults += 1
        upload.worked_at = now
        if upload.faults >= MOST_FAULTS:
            upload.error = GIVEN_UP
            _finish(upload, now)
        db.session.commit()


def _finish(upload: AppointmentImport, now: datetime) -> None:
    upload.finished_at, upload.content = now, None
