"""Archives and deletes what is old, a business after the other, in its night.

What stands in an archive is read back from its file before it goes: whoever dies at any moment has
lost nothing, and whoever goes on finds either no file that counts, or a whole one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import select

from app import tasks
from app.extensions import db
from app.lib import shutdown
from app.lib.time.clock import running
from app.models import ArchiveState, Tenant
from app.retention import transitions, write_archive
from app.retention.archive_file import Broken, ids
from app.retention.archive_folder import file_in, folder
from app.retention.delete_archived import delete_some, some_left
from app.retention.kept_period import kept_since, may_go
from app.retention.pace import Pace
from app.retention.transitions import Held
from app.tenancy import current_tenant_id, tenant_scope

# What is left is looked at once more, and at the next look; after so long in another file.
LOOKS = 2
PATIENCE = timedelta(days=3)

log = structlog.get_logger()


@dataclass(frozen=True)
class Turn:
    """A time slice of the worker's."""

    clock: Callable[[], datetime]
    until: datetime
    pace: Pace

    @property
    def over(self) -> bool:
        return shutdown.requested() or self.clock() >= self.until


def archive_messages(now: datetime, pace: Pace | None = None) -> None:
    """Of every business whose time has come, for a time slice; then the task is enqueued for what
    is left."""
    turn = Turn(running(now), now + tasks.SLOW_TIME_SLICE, pace or Pace())
    for tenant_id in _due(now):
        with tenant_scope(tenant_id):
            _archive(turn)
        db.session.remove()
    if turn.over and not shutdown.requested():
        tasks.enqueue(tasks.Task.ARCHIVE_MESSAGES)


def _due(now: datetime) -> list[int]:
    chosen = select(Tenant).where(Tenant.messages_kept_years.is_not(None)).order_by(Tenant.id)
    due = [tenant.id for tenant in db.session.scalars(chosen) if may_go(tenant, now)]
    db.session.remove()
    return due


def _archive(turn: Turn) -> None:
    """Step by step, until nothing of the business in scope is left to do, or the time is over."""
    try:
        while not turn.over and _step(turn):
            pass
    except OSError as error:
        db.session.rollback()
        log.error("archive_not_written", tenant=current_tenant_id(), error=error.strerror)


def _step(turn: Turn) -> bool:
    """Whether there may be more. Raises OSError."""
    tenant = db.session.get_one(Tenant, current_tenant_id(), populate_existing=True)
    before, where = kept_since(tenant, turn.clock()), folder()
    if before is None or where is None:
        return False
    held = transitions.take(turn.clock()) or write_archive.begin(
        tenant, where, before, turn.clock()
    )
    if held and held.state == ArchiveState.WRITING:
        held = _written(held._replace(until=min(held.until, before)), where, turn)
    return held is not None and _deleted(held, where, before, turn)


def _written(held: Held, where: Path, turn: Turn) -> Held | None:
    """Raises OSError."""
    whole = write_archive.write(held, where, turn.clock)
    if whole is None:
        transitions.discard(held)
    return whole


def _deleted(held: Held, where: Path, before: datetime, turn: Turn) -> bool:
    """Delete what stands in the archive; whether all of it that can go has gone."""
    path, total = file_in(where, held.name), held.deleted
    try:
        for gone in _batches(path, held.sha256, before, turn.pace):
            total += gone
            if not transitions.renew(held, turn.clock(), deleted=total):
                return False
            if turn.over:
                break
        late = turn.clock() > held.begun_at + PATIENCE
        over = late or not some_left(ids(path, held.sha256), before)
    except Broken as error:
        # What is left of it comes into another file, another night.
        log.error("archive_broken", archive=held.id, why=str(error))
        transitions.done(held)
        return False
    longest = round(turn.pace.longest, 3)
    log.info("messages_archived", archive=held.id, deleted=total, over=over, longest=longest)
    if over:
        return transitions.done(held)
    transitions.put_back(held)
    return False


def _batches(path: Path, sha256: str, before: datetime, pace: Pace) -> Iterator[int]:
    """Raises Broken before the first where the file is not what was written."""
    for _ in range(LOOKS):
        yield from delete_some(ids(path, sha256), before, pace)
