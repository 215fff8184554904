"""Which rows of the outbox somebody is sending, and until when nobody else may."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app.extensions import db
from app.lib.status import MessageStatus
from app.models import Message
from app.outbox.consent import stopped
from app.outbox.pause import paused
from app.tenancy import unscoped

# Longer than the provider's timeouts together, so that an expired lease means a dead sender.
LEASE = timedelta(seconds=60)
IN_FLIGHT = (MessageStatus.SENDING, MessageStatus.CHECKING)
TRIES = 5


def claim(now: datetime, most: int) -> list[Message]:
    """Take up to so many due messages, of any tenant, committed; whoever else looks skips them.

    Of messages that a listing at the carrier could not tell apart, one at a time is taken.
    """
    for _ in range(TRIES):
        try:
            return take(_due(now, most), now, _begin(now))
        except IntegrityError:
            # Somebody took a twin at this very moment: look again without it.
            db.session.rollback()
    return []


def take(ids: Select[int], now: datetime, values: dict[str, Any]) -> list[Message]:
    """Put the messages under a lease of ours, committed; they come back detached, eldest first."""
    taken = (
        update(Message)
        .where(Message.id.in_(ids))
        .values(claim=uuid.uuid4(), lease_until=now + LEASE, **values)
        .returning(Message)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the outbox is one for all tenants"):
        messages = sorted(db.session.scalars(taken), key=lambda each: (each.send_after, each.id))
        db.session.expunge_all()
        db.session.commit()
    return messages


def _begin(now: datetime) -> dict[str, Any]:
    return {
        "status": MessageStatus.SENDING,
        "attempts": Message.attempts + 1,
        "attempted_at": now,
    }


def _due(now: datetime, most: int) -> Select[int]:
    return (
        select(Message.id)
        .where(Message.status == MessageStatus.QUEUED, Message.send_after <= now)
        .where(~stopped(), ~paused(now), ~_twin_in_flight(), ~_older_twin(now))
        .order_by(Message.send_after, Message.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )


def _twin_in_flight() -> ColumnElement[bool]:
    twin = aliased(Message)
    return _twins(twin).where(twin.status.in_(IN_FLIGHT)).exists()


def _older_twin(now: datetime) -> ColumnElement[bool]:
    twin = aliased(Message)
    waits = (twin.status == MessageStatus.QUEUED, twin.send_after <= now, twin.id < Message.id)
    return _twins(twin).where(*waits).exists()


def _twins(twin: Any) -> Select[int]:
    """Messages that are the same to a carrier: one sender, recipient and body."""
    return select(twin.id).where(
        twin.tenant_id == Message.tenant_id,
        twin.channel == Message.channel,
        twin.sender == Message.sender,
        twin.recipient == Message.recipient,
        func.md5(twin.body) == func.md5(Message.body),
    )
