"""Works through the files of all businesses: looks them through, takes them, undoes them.

The lock of an import's row is the claim: a batch of its rows and how far it came are committed
together, so that whoever takes it up after a worker was killed does nothing twice.
"""

from datetime import datetime, timedelta
from itertools import islice

import structlog
from sqlalchemy import or_, select

from app import live
from app.extensions import db
from app.imports import import_file, transitions
from app.imports.change_log import kept, recording
from app.imports.kinds.every_kind import KINDS
from app.imports.kinds.import_kind import Taking
from app.imports.told_of import ToldOf
from app.imports.undo_import import undo_batch
from app.lib import shutdown
from app.lib.csv_files.csv_rows import Report, Row
from app.lib.fault import place
from app.models import FileImport, Tenant
from app.models import ImportStatus as Status
from app.tasks import Task, enqueue
from app.tenancy import current_tenant_id, tenant_scope, unscoped

BATCH = 50
# Its time slice; then others' work goes on, and the task is enqueued for the rest.
MOST_BATCHES = 20
MOST_REASONS = 200
# It quotes the cell, whatever stands there.
LONGEST_REASON = 300
MOST_FAULTS = 5
# After a fault of ours, until it is tried again.
REST = timedelta(seconds=30)
UNDER_WAY = (Status.CHECKING, Status.IMPORTING, Status.UNDOING)
GIVEN_UP = "This stopped because of a fault of ours. What was done stays; upload the file again."


def latest(count: int = 5) -> list[FileImport]:
    query = select(FileImport).order_by(FileImport.id.desc()).limit(count)
    return list(db.session.scalars(query))


log = structlog.get_logger()


def work(now: datetime) -> None:
    """Work through what waits, a batch of each business in turn; enqueue what is left."""
    for _ in range(MOST_BATCHES):
        if shutdown.requested() or not _batch(now):
            return
    enqueue(Task.WORK_IMPORTS)


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
    rested = or_(FileImport.faults == 0, FileImport.worked_at < now - REST)
    query = (
        select(FileImport.tenant_id, FileImport.id)
        .where(FileImport.finished_at.is_(None), FileImport.status.in_(UNDER_WAY), rested)
        .order_by(FileImport.worked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with unscoped("files of all tenants wait in one line"):
        row = db.session.execute(query).one_or_none()
        db.session.rollback()
    return (row[0], row[1]) if row else None


def _advance(upload_id: int, now: datetime) -> None:
    upload = _claimed(upload_id)
    if upload is None:
        return
    if upload.status == Status.UNDOING:
        undo_batch(upload, BATCH, now)
    else:
        _take(upload, now)
    upload.worked_at, upload.faults = now, 0
    db.session.commit()


def _claimed(upload_id: int) -> FileImport | None:
    """The import, ours until the transaction ends; None while another worker has it."""
    query = select(FileImport).where(
        FileImport.id == upload_id,
        FileImport.finished_at.is_(None),
        FileImport.status.in_(UNDER_WAY),
    )
    return db.session.scalar(query.with_for_update(skip_locked=True))


def _take(upload: FileImport, now: datetime) -> None:
    """The next rows; where it is only looked through, they leave nothing behind."""
    rows, report = import_file.rows(upload), Report()
    batch = list(islice(rows, upload.done, upload.done + BATCH))
    looks = upload.status == Status.CHECKING
    point = db.session.begin_nested()
    for row in KINDS[upload.kind].before(batch, rows) if looks else ():
        _take_row(upload, row, Report(), now)
    for row in batch:
        _take_row(upload, row, report, now)
    point.rollback() if looks else point.commit()
    _note(upload, report)
    if upload.done == upload.rows:
        transitions.checked(upload, now) if looks else transitions.finish(upload, now)


def _take_row(upload: FileImport, row: Row, report: Report, now: datetime) -> None:
    tenant = db.session.get_one(Tenant, current_tenant_id())
    lines = ToldOf(upload.id, now)
    taking = Taking(tenant, now, lines, upload.announce, upload.tell, upload.day_first)
    refused = len(report.rejected)
    with recording() as changes:
        KINDS[upload.kind].take([row], taking, report)
    if len(report.rejected) == refused:
        db.session.add_all(kept(change, upload.id, row[0], now) for change in changes)


def _note(upload: FileImport, report: Report) -> None:
    upload.done = min(upload.done + BATCH, upload.rows)
    for outcome, count in report.counts.items():
        setattr(upload, outcome, getattr(upload, outcome) + count)
    upload.rejected += len(report.rejected)
    new = [[what, name] for what, name in report.made if [what, name] not in upload.made]
    upload.made = [*upload.made, *new]
    told = [[line, reason[:LONGEST_REASON]] for line, reason in report.rejected]
    upload.reasons = [*upload.reasons, *told][:MOST_REASONS]


def _count_fault(upload_id: int, now: datetime) -> None:
    upload = _claimed(upload_id)
    if upload:
        upload.faults += 1
        upload.worked_at = now
        if upload.faults >= MOST_FAULTS:
            transitions.fail(upload, GIVEN_UP, now)
        db.session.commit()
