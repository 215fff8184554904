"""The life of an archive: its file is written, its messages go, it is done. Nothing else writes its
state; every step holds as long as the claim is ours, and is committed at once."""

import uuid
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import ArchiveState, MessageArchive

# Longer than any step takes: a batch of either work, or putting a file in its place.
LEASE = timedelta(minutes=10)


class Held(NamedTuple):
    """An archive that we work at, as it was when we took it."""

    id: int
    name: str
    state: str
    claim: uuid.UUID
    since: datetime
    until: datetime
    begun_at: datetime
    sha256: str
    deleted: int


def begin(name: str, since: datetime, until: datetime, now: datetime) -> Held | None:
    """A new one, of the messages of that time; None: the business has one under way."""
    archive = MessageArchive(name=name, since=since, until=until, begun_at=now)
    db.session.add(archive)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
    return take(now)


def take(now: datetime) -> Held | None:
    """The one that is under way and that nobody works at, claimed."""
    free = or_(MessageArchive.lease_until.is_(None), MessageArchive.lease_until <= now)
    under_way = MessageArchive.state != ArchiveState.DONE
    claimed = {"claim": uuid.uuid4(), "lease_until": now + LEASE}
    row = db.session.execute(
        update(MessageArchive)
        .where(under_way, free)
        .values(**claimed)
        .returning(*(getattr(MessageArchive, name) for name in Held._fields))
        .execution_options(synchronize_session=False)
    ).one_or_none()
    db.session.commit()
    return Held(*row) if row else None


def renew(held: Held, now: datetime, **values: Any) -> bool:
    """Go on with it; whether it is still ours."""
    return _moved(held, lease_until=now + LEASE, **values)


def written(held: Held, now: datetime, **file: Any) -> bool:
    """WRITING → WRITTEN: the file is on the disk."""
    return _moved(held, state=ArchiveState.WRITTEN, lease_until=now + LEASE, **file)


def done(held: Held) -> bool:
    """WRITTEN → DONE: what could go has gone."""
    return _moved(held, state=ArchiveState.DONE, claim=None, lease_until=None)


def rewritten(archive_id: int, **file: Any) -> None:
    """Its file is another one, with fewer messages."""
    changed = update(MessageArchive).where(MessageArchive.id == archive_id).values(**file)
    db.session.execute(changed.execution_options(synchronize_session=False))
    db.session.commit()


def put_back(held: Held) -> bool:
    """For whoever comes next."""
    return _moved(held, claim=None, lease_until=None)


def discard(held: Held) -> None:
    """One that is not written, with its row."""
    ours = MessageArchive.id == held.id, MessageArchive.claim == held.claim
    row = db.session.scalar(select(MessageArchive).where(*ours))
    if row and row.state == ArchiveState.WRITING:
        db.session.delete(row)
    db.session.commit()


def _moved(held: Held, **values: Any) -> bool:
    ours = MessageArchive.id == held.id, MessageArchive.claim == held.claim
    move = update(MessageArchive).where(*ours).values(**values).returning(MessageArchive.id)
    moved = db.session.scalar(move.execution_options(synchronize_session=False)) is not None
    db.session.commit()
    return moved
