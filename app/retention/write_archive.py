"""Writes an archive: the messages of a month that are to go, whole, before any of them does."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.lib import shutdown
from app.lib.time.clock import wall_time
from app.models import ArchiveState, Media, Message, Tenant
from app.retention import transitions
from app.retention.archive_file import put_in_place, remove
from app.retention.archive_folder import file_in, free_name
from app.retention.archive_writer import ArchiveWriter
from app.retention.archived_message import lines
from app.retention.kept_period import month_of
from app.retention.old_messages import Place, following, oldest
from app.retention.transitions import Held
from app.tenancy import current_tenant_id

BATCH = 100
# What a person can still open, and a worker write in a minute; more of a month is another file.
MOST_MESSAGES, MOST_BYTES = 50_000, 1 << 30

Clock = Callable[[], datetime]


def begin(tenant: Tenant, where: Path, before: datetime, now: datetime) -> Held | None:
    """The archive of the oldest month of which something goes; None: nothing does, or another
    worker is at it."""
    first = oldest(before)
    if first is None:
        return None
    since, until = month_of(first, tenant.timezone)
    name = free_name(f"{wall_time(since, tenant.timezone):%Y-%m}", where)
    return transitions.begin(name, since, min(until, before), now)


def write(held: Held, where: Path, clock: Clock) -> Held | None:
    """The archive with its file in place; None: it is not ours any more, there is nothing to write,
    or this process ends. Raises OSError."""
    path = file_in(where, held.name)
    draft = path.with_name(f".{held.name}.{held.claim.hex}.part")
    _clean(path)
    try:
        counted = _fill(held, draft, clock)
        if counted is None or not transitions.renew(held, clock()):
            return None
        file = counted | {"sha256": put_in_place(draft, path), "size": path.stat().st_size}
    finally:
        draft.unlink(missing_ok=True)
    whole = transitions.written(held, clock(), **file)
    return held._replace(state=ArchiveState.WRITTEN, sha256=file["sha256"]) if whole else None


def _clean(path: Path) -> None:
    """Of this archive nothing was deleted yet: what a worker left that died is of no use."""
    remove(path)
    for draft in path.parent.glob(f".{path.stem}.*.part"):
        draft.unlink(missing_ok=True)


def _fill(held: Held, draft: Path, clock: Clock) -> dict[str, Any] | None:
    """What was written, counted; None: nothing was, or it is not ours to go on with."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    name, timezone = tenant.name, tenant.timezone
    with ArchiveWriter(draft, timezone) as archive:
        last: Place | None = None
        while batch := following(last, held.since, held.until, BATCH):
            _add(archive, batch)
            last = batch[-1].created_at, batch[-1].id
            db.session.rollback()
            db.session.expunge_all()
            if shutdown.requested() or not transitions.renew(held, clock()):
                return None
            if archive.messages >= MOST_MESSAGES or archive.size >= MOST_BYTES:
                break
        if not archive.messages:
            return None
        archive.finish(name, held.name)
        return {"messages": archive.messages, "attachments": archive.attachments}


def _add(archive: ArchiveWriter, messages: Sequence[Message]) -> None:
    files = {
        each.id: archive.attach(each.id, each.file_name, content)
        for message in messages
        for each in message.media
        if (content := _content(each)) is not None
    }
    for line in lines(messages, files):
        archive.add(line)


def _content(media: Media) -> bytes | None:
    """One at a time: together they may be more than there is memory."""
    return db.session.scalar(select(Media.content).where(Media.id == media.id))
