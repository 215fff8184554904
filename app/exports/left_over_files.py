"""What is left of exports and archives that nobody writes any more: whoever wrote was killed, and
their business began another or gave it up."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.exports import export_files
from app.extensions import db, settings
from app.models import ExportStatus, MessageArchive, TenantExport
from app.tenancy import tenant_scope

# Longer than any is written without being touched.
UNTOUCHED = timedelta(days=1)


def forget(now: datetime) -> None:
    """Delete them, of all businesses that have a folder. A host without that disk has none."""
    root = settings().archive_dir
    for folder in root.glob("[0-9]*") if root and root.is_dir() else ():
        with tenant_scope(int(folder.name)):
            written = _written()
            db.session.rollback()
        for path in folder.glob(".*.part"):
            if path.name not in written and _is_old(path, now):
                path.unlink(missing_ok=True)
        db.session.remove()


def _written() -> set[str]:
    """The names of what somebody may go on with."""
    begun = select(TenantExport).where(TenantExport.status == ExportStatus.WRITING)
    exports = db.session.scalars(begun).all()
    parts = {place(each).name for each in exports for place in export_files.PARTS}
    held = select(MessageArchive).where(MessageArchive.claim.is_not(None))
    archives = db.session.scalars(held).all()
    return parts | {f".{each.name}.{each.claim.hex}.part" for each in archives if each.claim}


def _is_old(path: Path, now: datetime) -> bool:
    try:
        return path.stat().st_mtime < (now - UNTOUCHED).timestamp()
    except FileNotFoundError:
        return False
