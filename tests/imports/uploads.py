"""A file that is uploaded and taken, as a person has it done on the page."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.extensions import db
from app.imports import import_file, prepare_import, work_imports
from app.models import FileImport
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.world import NOON, Business


def upload(owner: Business, kind: str, text: str | bytes, at: datetime = NOON) -> int:
    """Its id, with the columns as its header says them."""
    content = text.encode() if isinstance(text, str) else text
    with tenant_scope(owner.id):
        return prepare_import.accept(kind, f"{kind}.csv", content, at).id


def looked_through(
    owner: Business,
    kind: str,
    text: str | bytes,
    *,
    day_first: bool | None = None,
    announce: bool = False,
    tell: bool = False,
    at: datetime = NOON,
) -> int:
    """The same, ready to be taken."""
    id_ = upload(owner, kind, text, at)
    with tenant_scope(owner.id):
        found = the(owner, id_)
        columns = import_file.guessed(kind, import_file.table(kind, found.file or b"").header)
        prepare_import.check(id_, columns, day_first, announce, tell, at)
    work_imports.work(at)
    return id_


def imported(
    owner: Business, kind: str, text: str | bytes, *, at: datetime = NOON, **options: Any
) -> FileImport:
    """The same, taken; the options are those of looked_through."""
    id_ = looked_through(owner, kind, text, at=at, **options)
    with tenant_scope(owner.id):
        prepare_import.start(id_, at)
    work_imports.work(at)
    return the(owner, id_)


def undone(owner: Business, id_: int, at: datetime = NOON) -> FileImport:
    with tenant_scope(owner.id):
        prepare_import.undo(id_, at)
    work_imports.work(at)
    return the(owner, id_)


def files(owner: Business) -> list[FileImport]:
    """Those of the test: each business has had one before."""
    return [each for each in rows(owner, FileImport) if each.name != f"{owner.slug}.csv"]


def the(owner: Business, id_: int) -> FileImport:
    """As it stands now, and stays whatever comes after."""
    db.session.rollback()
    query = select(FileImport).where(FileImport.id == id_).options(undefer("*"))
    with tenant_scope(owner.id):
        found = db.session.scalars(query.execution_options(populate_existing=True)).one()
    db.session.expunge(found)
    return found


def counts(upload: FileImport) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected."""
    return upload.created, upload.updated, upload.unchanged, upload.rejected
