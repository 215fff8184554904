"""Writes archives' files anew without somebody, each put in its place at once.

A file's SHA-256 stands with its archive. So the new file's is noted before it takes the place of
the old one: whoever goes on after somebody who died in between knows it for ours.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import select

from app.extensions import db
from app.models import ArchiveState, MessageArchive, Tenant
from app.privacy import transitions
from app.privacy.forget_rows import NotYet
from app.privacy.transitions import Held
from app.retention import transitions as archives
from app.retention.archive_file import Broken, checksum, put_in_place
from app.retention.archive_folder import file_in, folder
from app.retention.without_customer import described, holds, write_without
from app.tenancy import current_tenant_id

Clock = Callable[[], datetime]
WRITING = "An archive of old messages is being written. Its file is looked through afterwards."

log = structlog.get_logger()


def rewrite_archives(held: Held, clock: Clock) -> None:
    """Commits step by step. Raises NotYet while an archive is being written, and OSError."""
    with _no_writer(clock) as go_on:
        written = MessageArchive.sha256 != ""
        ids = db.session.scalars(select(MessageArchive.id).where(written)).all()
        files = unread = 0
        for id_ in sorted(ids):
            try:
                files += _rewrite(held, id_, clock)
            except Broken as error:
                unread += 1
                log.error("archive_unread", tenant=held.tenant_id, archive=id_, why=str(error))
            go_on()
    transitions.note(held, clock(), files=files, unread_files=unread)


@contextmanager
def _no_writer(clock: Clock) -> Iterator[Callable[[], object]]:
    """One that is under way is ours meanwhile, as nobody else may work at its file; what it calls
    keeps it so. Raises NotYet."""
    ours = archives.take(clock())
    under_way = select(MessageArchive.id).where(MessageArchive.state != ArchiveState.DONE)
    if ours is None and db.session.scalar(under_way) is not None:
        raise NotYet(WRITING)
    try:
        yield lambda: ours and archives.renew(ours, clock())
    finally:
        db.session.rollback()
        if ours:
            archives.put_back(ours)


def _rewrite(held: Held, archive_id: int, clock: Clock) -> bool:
    """Whether there is a new file. Raises Broken where the old one is not there, or not what was
    written."""
    archive, where = db.session.get(MessageArchive, archive_id), folder()
    if archive is None:
        return False
    if where is None:
        raise Broken("ARCHIVE_DIR is not set")
    path = file_in(where, archive.name)
    sha256, ours = checksum(path), (held.archive_id, held.archive_sha256)
    if sha256 == archive.sha256 and not holds(path, held.customer_id):
        return False
    if sha256 == archive.sha256:
        sha256 = _write(held, archive, path, clock)
    elif ours != (archive_id, sha256):
        raise Broken("another file lies there")
    archives.rewritten(archive_id, sha256=sha256, **described(path))
    return True


def _write(held: Held, archive: MessageArchive, path: Path, clock: Clock) -> str:
    """The SHA-256 of the new file, in the place of the old one."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    draft = path.with_name(f".{archive.name}.erasing.part")
    id_, about = archive.id, (tenant.name, archive.name, tenant.timezone)
    db.session.rollback()
    try:
        write_without(held.customer_id, path, draft, *about)
        noted = {"archive_id": id_, "archive_sha256": checksum(draft)}
        if not transitions.note(held, clock(), **noted):
            raise NotYet(WRITING)
        return put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)
