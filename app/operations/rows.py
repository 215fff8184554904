"""What a message or an attachment becomes when the operator has decided about it.

Each is changed only if it still is what it was when it stood aside; the customer's id, or None.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from app.extensions import db
from app.inbound import media
from app.lib.status import MessageStatus
from app.models import Media, Message
from app.outbox import record

# (tenant_id, message_id, media_id) of what stood aside.
Taken = Row[int, int | None, int | None]
DISCARDED = "Discarded by the operator."
# That it may have gone out stays true, so it stays unknown: a failed one could be sent again.
DISCARDED_IN_DOUBT = f"{DISCARDED} {record.UNKNOWN}"


def again(row: Taken, now: datetime) -> int | None:
    """One attempt more. Part of the caller's transaction."""
    if row.media_id:
        values = {"state": "waiting", "error": None, "fetch_after": now}
        return _media(row, attempts=media.MOST_ATTEMPTS - 1, **values)
    return _sent_again(row, now) or _looked_for(row, now)


def never(row: Taken) -> int | None:
    """It stays as it is, with the reason. Part of the caller's transaction."""
    if row.media_id:
        return _media(row, error=DISCARDED)
    failed = _message(row, Message.status == MessageStatus.FAILED, error=DISCARDED)
    return failed or _message(row, _unknown(), error=DISCARDED_IN_DOUBT)


def _sent_again(row: Taken, now: datetime) -> int | None:
    values = {"status": MessageStatus.QUEUED, "send_after": now, "error": None, "error_code": None}
    failed = Message.status == MessageStatus.FAILED
    return _message(row, failed, attempts=record.MOST_ATTEMPTS - 1, **values)


def _looked_for(row: Taken, now: datetime) -> int | None:
    """As it may have gone out, it is sent only if it is then proven absent."""
    values = {"status": MessageStatus.CHECKING, "lease_until": now, "error": record.CHECKING}
    return _message(row, _unknown(), attempts=record.MOST_ATTEMPTS - 1, **values)


def _unknown() -> ColumnElement[bool]:
    return Message.status == MessageStatus.UNKNOWN


def _message(row: Taken, condition: ColumnElement[bool], **values: Any) -> int | None:
    changed = (
        update(Message)
        .where(Message.tenant_id == row.tenant_id, Message.id == row.message_id, condition)
        .values(**values)
        .returning(Message.customer_id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(changed)


def _media(row: Taken, **values: Any) -> int | None:
    changed = (
        update(Media)
        .where(Media.tenant_id == row.tenant_id, Media.id == row.media_id)
        .where(Media.state == "failed")
        .values(**values)
        .returning(Media.message_id)
        .execution_options(synchronize_session=False)
    )
    of_message = select(Message.customer_id).where(Message.id == db.session.scalar(changed))
    return db.session.scalar(of_message)
