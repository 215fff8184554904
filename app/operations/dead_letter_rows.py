"""What a message or an attachment becomes when the operator has decided about it.

Each is changed only if it still is what it was when it stood aside; the customer's id, or None.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Update, case, select, update

from app.extensions import db
from app.inbound import media_fetch
from app.lib.message_status import MessageStatus
from app.models import Media, Message
from app.outbox import transitions
from app.outbox.settle import record

# (tenant_id, message_id, media_id) of what stood aside.
Taken = Row[int, int | None, int | None]
DISCARDED = "Discarded by the operator."
# That it may have gone out stays true, so it stays unknown: a failed one could be sent again.
DISCARDED_IN_DOUBT = f"{DISCARDED} {record.UNKNOWN}"


def again(row: Taken, now: datetime) -> int | None:
    """One attempt more. Part of the caller's transaction."""
    if row.media_id:
        values = {"state": "waiting", "error": None, "fetch_after": now}
        return _media(row, attempts=media_fetch.MOST_ATTEMPTS - 1, **values)
    once = now, record.MOST_ATTEMPTS - 1
    resumed = _message(transitions.resume(_of(row), *once))
    return resumed or _message(transitions.recheck(_of(row), *once))


def never(row: Taken) -> int | None:
    """It stays as it is, with the reason. Part of the caller's transaction."""
    if row.media_id:
        return _media(row, error=DISCARDED)
    discarded = {MessageStatus.FAILED: DISCARDED, MessageStatus.UNKNOWN: DISCARDED_IN_DOUBT}
    still = update(Message).where(*_of(row), Message.status.in_(discarded))
    return _message(still.values(error=case(discarded, value=Message.status)))


def _of(row: Taken) -> list[ColumnElement[bool]]:
    return [Message.tenant_id == row.tenant_id, Message.id == row.message_id]


def _message(change: Update) -> int | None:
    changed = change.returning(Message.customer_id)
    return db.session.scalar(changed.execution_options(synchronize_session=False))


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
