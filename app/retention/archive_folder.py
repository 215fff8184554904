"""Where the archives of the business in scope lie: a folder each, in the operator's for all."""

from pathlib import Path

from sqlalchemy import select

from app.extensions import db, settings
from app.models import MessageArchive
from app.tenancy import current_tenant_id


def folder() -> Path | None:
    """Made if need be, for our own eyes; None: the operator has named none. Raises OSError."""
    root = settings().archive_dir
    if root is None:
        return None
    ours = root / str(current_tenant_id())
    ours.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ours


def file_in(where: Path, name: str) -> Path:
    """Of the archive of that name, which is a row's and never a request's."""
    return where / f"{name}.zip"


def free_name(month: str, where: Path) -> str:
    """That of the month, with a number where there are archives or files of it: no file takes the
    place of another, though the database may have been made anew beside old files."""
    rows = db.session.scalars(
        select(MessageArchive.name).where(MessageArchive.name.startswith(month))
    )
    taken = {*rows, *(path.stem for path in where.glob(f"{month}*.zip"))}
    number, name = 1, month
    while name in taken:
        number += 1
        name = f"{month}-{number}"
    return name
