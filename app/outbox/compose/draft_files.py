"""Pictures and files that are uploaded one by one while a message is written, until it is sent."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, func, select
from sqlalchemy.orm import undefer

from app.channels import CHANNELS
from app.extensions import db
from app.housekeeping import delete_old
from app.models import DraftFile
from app.outbox.compose.attachments import LARGEST, MOST_FILES, Upload, kind_of
from app.outbox.refused import Refused
from app.prepared import Prepared, Question, given

# What was not sent by then is forgotten.
KEPT = timedelta(days=14)
BATCH = 500
TAKEN = frozenset().union(*(channel.attachments for channel in CHANNELS.values()))


_ANY = Prepared(
    int,
    select(DraftFile.id)
    .where(
        DraftFile.customer_id == given("customer_id", Integer()),
        DraftFile.user_id == given("user_id", Integer()),
        DraftFile.scheduled_id.is_(None),
    )
    .limit(1),
)


class NoSuchFile(LookupError):
    """The user has no such file in their draft to the customer."""


def in_draft(user_id: int | None, customer_id: int) -> Sequence[DraftFile]:
    """The files of the user's draft, without their contents; an operator (None) has no draft."""
    if user_id is None:
        return []
    return db.session.scalars(_query(user_id, customer_id)).all()


def has_any(user_id: int | None, customer_id: int) -> Question[bool]:
    """Whether in_draft finds one."""
    return _ANY.question(bool, user_id=user_id, customer_id=customer_id)


def add(user_id: int | None, customer_id: int, upload: Upload, now: datetime) -> DraftFile:
    """Keep a file for the message that is being written. Commits. Raises Refused for one that no
    channel takes, or that is more than goes with one message."""
    kind = kind_of(upload.content)
    if kind not in TAKEN:
        words = ", ".join(sorted(each.rpartition("/")[2].upper() for each in TAKEN))
        raise Refused(f"“{upload.name}” cannot be sent. What can be: {words}.")
    _check_room(user_id, customer_id, len(upload.content))
    file = DraftFile(
        customer_id=customer_id,
        user_id=user_id,
        name=upload.name,
        content_type=kind,
        size=len(upload.content),
        created_at=now,
        content=upload.content,
    )
    db.session.add(file)
    db.session.commit()
    return file


def _check_room(user_id: int | None, customer_id: int, size: int) -> None:
    counted = select(func.count(), func.coalesce(func.sum(DraftFile.size), 0))
    many, so_far = db.session.execute(counted.where(*_whose(user_id, customer_id))).one()
    if many >= MOST_FILES:
        raise Refused(f"At most {MOST_FILES} files go with one message.")
    if so_far + size > LARGEST:
        raise Refused("The files are larger than 5 MB together. Send them smaller or one by one.")


def named(user_id: int | None, customer_id: int, ids: Collection[int]) -> list[DraftFile]:
    """Those files of the draft, with their contents, in the order in which they were uploaded; of
    two who send them at once the second waits, and finds none.

    Raises NoSuchFile where one is not the user's, or not for this customer.
    """
    query = _query(user_id, customer_id).where(DraftFile.id.in_(ids))
    query = query.options(undefer(DraftFile.content)).with_for_update()
    found = list(db.session.scalars(query)) if ids else []
    if len(found) != len(set(ids)):
        raise NoSuchFile
    return found


def remove(user_id: int | None, customer_id: int, file_id: int) -> None:
    """Take the file out of the draft. Commits. Raises NoSuchFile."""
    (file,) = named(user_id, customer_id, [file_id])
    db.session.delete(file)
    db.session.commit()


def shown(file: DraftFile) -> dict[str, Any]:
    """What a page shows of it."""
    return {"id": file.id, "name": file.name, "size": file.size, "kind": file.content_type}


def forget(now: datetime) -> None:
    """Remove what was never sent, of all tenants, some at a time. Commits."""
    old = and_(DraftFile.created_at < now - KEPT, DraftFile.scheduled_id.is_(None))
    delete_old(DraftFile, old, BATCH)


def _query(user_id: int | None, customer_id: int) -> Select[DraftFile]:
    return select(DraftFile).where(*_whose(user_id, customer_id)).order_by(DraftFile.id)


def _whose(user_id: int | None, customer_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        DraftFile.user_id.is_not_distinct_from(user_id),
        DraftFile.customer_id == customer_id,
        DraftFile.scheduled_id.is_(None),
    )
