"""A file on its way: uploaded, its columns said, looked through, taken; and undone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.appointments.commands import Refused
from app.appointments.row_times import DATED, order_of
from app.audit.audit_record import record
from app.extensions import db
from app.housekeeping import delete_old
from app.imports import import_file, transitions
from app.imports.import_file import table
from app.lib.csv_files.csv_rows import BadFile, named
from app.lib.csv_files.vcards import as_csv, is_vcards
from app.lib.time.written_time import DayOrder
from app.models import AuditAction, FileImport, ImportChange
from app.models import ImportStatus as Status
from app.tasks import Task, enqueue

# Of a person: nothing is under way.
WAITING = (Status.MAPPING, Status.CHECKED)
BUSY = "Another import is under way. Wait until it has ended."
GONE = "This import is gone: somebody has discarded it, or uploaded another file."
BEGUN = "This was done already."
TOO_LATE = "An import can be undone for a day, and that is over."
AMBIGUOUS = "Say whether 3/4 in this file is the third of April or the fourth of March."
# A file that nobody goes on with.
KEPT_FOR = timedelta(days=1)


def accept(kind: str, name: str, content: bytes, now: datetime) -> FileImport:
    """Keep a file, in place of one that nobody has gone on with; vCards as the rows that they are.
    Raises BadFile, or Refused as long as another one is under way."""
    if is_vcards(content):
        if kind != "customers":
            raise BadFile("vCards are customers: say so")
        content = as_csv(content)
    found = table(kind, content)
    upload = transitions.begin(kind, name, content, len(found.records), now)
    upload.columns = import_file.guessed(kind, found.header)
    db.session.execute(delete(FileImport).where(FileImport.status.in_(WAITING)))
    db.session.add(upload)
    _commit()
    return upload


def order(upload: FileImport, columns: Sequence[str]) -> DayOrder:
    """In which order its dates have day and month, as far as its rows tell."""
    if upload.kind not in ("appointments", "consent") or upload.file is None:
        return DayOrder(None, False)
    found = table(upload.kind, upload.file)
    return order_of(row for _, row in named(found, columns, DATED))


def check(
    upload_id: int,
    columns: Sequence[str],
    day_first: bool | None,
    announce: bool,
    tell: bool,
    now: datetime,
) -> None:
    """Have it looked through, by what its columns are. Raises BadFile where one is missing or there
    is something to be asked, and Refused."""
    upload = _locked(upload_id, *WAITING)
    if wanting := import_file.missing(upload.kind, columns):
        raise BadFile(f"choose a column for {wanting[0]}")
    told = order(upload, columns)
    if told.asks and day_first is None:
        raise BadFile(AMBIGUOUS)
    upload.columns, upload.announce, upload.tell = list(columns), announce, tell
    upload.day_first = day_first if told.asks else told.day_first
    transitions.check(upload, now)
    _begun()


def start(upload_id: int, now: datetime) -> None:
    """Have it taken. Raises Refused."""
    upload = _locked(upload_id, Status.CHECKED)
    transitions.start(upload, now)
    _begun({"name": upload.name, "rows": upload.rows})


def undo(upload_id: int, now: datetime) -> None:
    """Have it undone. Raises Refused."""
    upload = _locked(upload_id, Status.DONE, Status.FAILED)
    if not upload.undo_until or upload.undo_until < now:
        raise Refused(TOO_LATE)
    transitions.undo(upload, now)
    _begun({"name": upload.name, "rows": upload.rows, "undone": True})


def discard(upload_id: int) -> None:
    """Forget a file of which nothing was taken. Raises Refused."""
    db.session.delete(_locked(upload_id, *WAITING, Status.CHECKING))
    db.session.commit()


def forget(now: datetime) -> None:
    """What nobody went on with, and changes that can be undone no more."""
    old = FileImport.worked_at < now - KEPT_FOR
    delete_old(FileImport, FileImport.status.in_(WAITING) & old)
    delete_old(ImportChange, ImportChange.at < now - 2 * transitions.UNDO_WINDOW)


def _locked(upload_id: int, *statuses: Status) -> FileImport:
    query = select(FileImport).where(FileImport.id == upload_id).with_for_update()
    upload = db.session.scalar(query.execution_options(populate_existing=True))
    if upload is None:
        raise Refused(GONE)
    if upload.status not in statuses:
        raise Refused(BEGUN)
    return upload


def _begun(facts: dict[str, Any] | None = None) -> None:
    """facts: what the audit log says of it."""
    _commit(facts)
    enqueue(Task.WORK_IMPORTS)


def _commit(facts: dict[str, Any] | None = None) -> None:
    """Raises Refused where another one is under way."""
    try:
        db.session.flush()
        if facts:
            record(AuditAction.IMPORTED, facts=facts)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Refused(BUSY) from None
