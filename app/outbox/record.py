"""Writes down what became of a claimed message; only whoever holds the claim may."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import uniform
from typing import Any

from sqlalchemy import ColumnElement, func, literal, true, update

from app import live
from app.extensions import db
from app.lib.status import MessageStatus
from app.models import Message
from app.models.message import status_type
from app.outbox.consent import carrier_says_stop
from app.providers.base import Accepted, Outcome, SendError
from app.tenancy import tenant_scope

# With the backoff below: about a quarter of an hour.
MOST_ATTEMPTS = 8


@dataclass(frozen=True)
class Claimed:
    """What identifies a claimed message once its session is gone."""

    id: int
    tenant_id: int
    customer_id: int
    channel: str
    recipient: str
    claim: uuid.UUID | None
    attempts: int

    @classmethod
    def of(cls, message: Message) -> "Claimed":
        return cls(
            message.id,
            message.tenant_id,
            message.customer_id,
            message.channel,
            message.recipient,
            message.claim,
            message.attempts,
        )


def accepted(message: Claimed, answer: Accepted) -> None:
    """The provider has it. A callback may have been quicker: the status only moves up."""
    status = func.greatest(Message.status, literal(answer.status, status_type))
    _write(message, true(), provider_sid=answer.sid, status=status)


def failed(message: Claimed, error: SendError, now: datetime) -> None:
    """It was refused, or will be tried again, or nobody knows."""
    # Where a callback has come meanwhile, it knows better.
    unheard = Message.status == MessageStatus.SENDING
    if error.outcome is Outcome.RETRY and message.attempts < MOST_ATTEMPTS:
        retry_at = now + backoff(message.attempts)
        _write(message, unheard, status=MessageStatus.QUEUED, send_after=retry_at)
        return
    unknown = error.outcome is Outcome.UNKNOWN
    status = MessageStatus.UNKNOWN if unknown else MessageStatus.FAILED
    with tenant_scope(message.tenant_id):
        if error.opted_out:
            carrier_says_stop(message.channel, message.recipient, message.id, now)
        _write(message, unheard, status=status, error_code=error.code, error=error.reason)


def backoff(attempts: int) -> timedelta:
    """2 s, 4 s … up to 5 minutes, spread so that a crowd does not come back at once."""
    seconds: float = min(2.0**attempts, 300.0)
    return timedelta(seconds=seconds * uniform(0.5, 1.0))  # noqa: S311


def _write(message: Claimed, condition: ColumnElement[bool], **values: Any) -> None:
    held = (
        update(Message)
        .where(Message.id == message.id, Message.claim == message.claim, condition)
        .values(claim=None, lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    with tenant_scope(message.tenant_id):
        db.session.execute(held)
        db.session.commit()
    live.publish(message.tenant_id, message.customer_id)
