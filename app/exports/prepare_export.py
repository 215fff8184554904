"""An export is asked for, and taken back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.audit.audit_record import record
from app.exports import export_files, transitions
from app.extensions import db
from app.models import AuditAction, ExportStatus, TenantExport
from app.tasks import Task, enqueue

GONE = (ExportStatus.FAILED, ExportStatus.ENDED)


class AnotherOne(Exception):
    """One is under way already."""


def latest(count: int = 5) -> Sequence[TenantExport]:
    """The newest first."""
    newest = select(TenantExport).order_by(TenantExport.id.desc()).limit(count)
    return db.session.scalars(newest.options(joinedload(TenantExport.asked_by))).all()


def start(asked_by_id: int | None, now: datetime) -> None:
    """Have one written. Raises AnotherOne."""
    db.session.add(transitions.begin(asked_by_id, now))
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise AnotherOne from None
    record(AuditAction.EXPORTED, facts={"everything": True})
    db.session.commit()
    enqueue(Task.WORK_EXPORTS)


def remove_all(now: datetime) -> None:
    """Take back all of the business in scope: somebody is erased whom they name. Part of the
    caller's transaction, but for the files. Raises export_files.Nowhere, OSError."""
    there = TenantExport.status.not_in(GONE)
    for export in db.session.scalars(select(TenantExport).where(there).with_for_update()):
        export_files.remove(export)
        transitions.end(export, now)


def remove(export_id: int, now: datetime) -> bool:
    """Take it back, ready or not, with its files; whether there was something of it. Raises
    export_files.Nowhere, OSError."""
    query = select(TenantExport).where(TenantExport.id == export_id).with_for_update()
    export = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if export.status in GONE:
        return False
    export_files.remove(export)
    transitions.end(export, now)
    record(AuditAction.DELETED, row_kind="tenant_export", row_id=export_id)
    db.session.commit()
    return True
