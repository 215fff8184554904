"""Writes down what became of a claimed message; only whoever holds the claim may."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import uniform
from typing import Any

from sqlalchemy import ColumnElement, func, literal, true, update

from app import live
from app.channels import CHANNELS
from app.extensions import db
from app.lib.status import MessageStatus
from app.models import Message
from app.models.message import status_type
from app.outbox.consent import carrier_says_stop
from app.outbox.parking import park_message
from app.outbox.pause import clear, pause
from app.outbox.spend import refund
from app.providers.base import Accepted, Outcome, SendError, StatusReport
from app.tenancy import tenant_scope

# With the backoff below: about a quarter of an hour, in which a carrier comes back or a broken
# version of ours is replaced; what still fails then stands aside until the operator says so.
MOST_ATTEMPTS = 11
# A moment for the carrier's list to catch up with what it accepted.
FIRST_LOOK_AFTER = timedelta(seconds=15)
# Callbacks come within seconds; where none has come for so long, none may come.
FIRST_ASK_AFTER = timedelta(minutes=10)
# A message that waited longer for its sender says things that no longer hold.
PATIENCE = timedelta(hours=12)
CHECKING = (
    "We could not confirm that this message went out. We are checking, so that it is not sent"
    " twice."
)
UNKNOWN = (
    "We could not find out whether this message went out. Look for the customer's answer before"
    " you write again."
)
UNCONFIRMED = {"status": MessageStatus.UNKNOWN, "error": UNKNOWN}
NEVER_ARRIVED = (
    "The carrier did not take this message, however often we tried. Send it again later."
)


@dataclass(frozen=True)
class Claimed:
    """What identifies a claimed message once its session is gone."""

    id: int
    tenant_id: int
    customer_id: int
    channel: str
    recipient: str
    claim: uuid.UUID | None
    created_at: datetime
    attempts: int
    attempted_at: datetime
    checks: int
    account_sid: str | None

    @classmethod
    def of(cls, message: Message) -> "Claimed":
        return cls(
            message.id,
            message.tenant_id,
            message.customer_id,
            message.channel,
            message.recipient,
            message.claim,
            message.created_at,
            message.attempts,
            message.attempted_at or message.created_at,
            message.checks,
            message.account_sid,
        )


def accepted(message: Claimed, answer: Accepted) -> None:
    """The provider has it. A callback may have been quicker: the status only moves up."""
    status = func.greatest(Message.status, literal(answer.status, status_type))
    with tenant_scope(message.tenant_id):
        clear(message.channel)
        followed = CHANNELS[message.channel].followed
        ask_at = message.attempted_at + FIRST_ASK_AFTER if followed else None
        values = {"provider_sid": answer.sid, "ask_at": ask_at}
        _write(message, true(), values | {"status": status})


def failed(message: Claimed, error: SendError, now: datetime) -> None:
    """It was refused, or will be tried again, or must be looked for."""
    # Where a callback has come meanwhile, it knows better.
    unheard = Message.status == MessageStatus.SENDING
    if error.outcome is Outcome.UNKNOWN:
        look_again(message, now + FIRST_LOOK_AFTER)
    elif error.sender_at_fault and now - message.created_at < PATIENCE:
        _wait_for_the_sender(message, unheard, error, now)
    elif error.outcome is Outcome.RETRY and message.attempts < MOST_ATTEMPTS:
        _queue_again(message, unheard, now)
    else:
        _refuse(message, unheard, error, now)


def _wait_for_the_sender(
    message: Claimed, unheard: ColumnElement[bool], error: SendError, now: datetime
) -> None:
    with tenant_scope(message.tenant_id):
        pause(message.channel, error, now)
        # The attempt was none of the message's own.
        values = {"status": MessageStatus.QUEUED, "attempts": Message.attempts - 1}
        _write(message, unheard, values | {"error_code": None, "error": None}, begun=False)


def _refuse(
    message: Claimed, unheard: ColumnElement[bool], error: SendError, now: datetime
) -> None:
    with tenant_scope(message.tenant_id):
        if error.opted_out:
            _carrier_says_stop(message, now)
        failed = {"status": MessageStatus.FAILED, "error_code": error.code, "error": error.reason}
        # An account at fault is the business's to put right: staff see why, and try again.
        could_help = error.outcome is Outcome.RETRY
        aside = (error.for_the_operator, now) if could_help else None
        _write(message, unheard, failed, aside)


def _carrier_says_stop(message: Claimed, at: datetime) -> None:
    carrier_says_stop(message.channel, message.recipient, message.id, message.account_sid, at)


def look_again(message: Claimed, at: datetime) -> None:
    """Nobody knows yet: it is looked for at that time, and not sent meanwhile."""
    in_flight = Message.status.in_([MessageStatus.SENDING, MessageStatus.CHECKING])
    values = {"status": MessageStatus.CHECKING, "error": CHECKING, "lease_until": at}
    _write(message, in_flight, values)


def found(message: Claimed, report: StatusReport) -> None:
    """The carrier has it after all."""
    status = func.greatest(Message.status, literal(report.status, status_type))
    values = {
        "error_code": report.error_code,
        "error": report.error,
        "ask_at": message.attempted_at + FIRST_ASK_AFTER,
    }
    with tenant_scope(message.tenant_id):
        if report.opted_out:
            _carrier_says_stop(message, message.attempted_at)
        _write(message, _checking(), values | {"provider_sid": report.sid, "status": status})


def absent(message: Claimed, now: datetime) -> None:
    """The carrier never got it: it may be sent again."""
    if message.attempts < MOST_ATTEMPTS:
        _queue_again(message, _checking(), now)
    else:
        values = {"status": MessageStatus.FAILED, "error": NEVER_ARRIVED}
        _write(message, _checking(), values, (NEVER_ARRIVED, now))


def unknown(message: Claimed, sentence: str = UNKNOWN) -> None:
    """It cannot be found out. A callback that names it still tells the truth later."""
    _write(message, _checking(), UNCONFIRMED | {"error": sentence})


def given_up(message: Claimed, reason: str, now: datetime) -> None:
    """It could not even be looked for; the operator can have that tried once more."""
    _write(message, _checking(), UNCONFIRMED, (reason, now))


def backoff(attempts: int) -> timedelta:
    """2 s, 4 s … up to 5 minutes, spread so that a crowd does not come back at once."""
    seconds: float = min(2.0**attempts, 300.0)
    return timedelta(seconds=seconds * uniform(0.5, 1.0))  # noqa: S311


def _checking() -> ColumnElement[bool]:
    return Message.status == MessageStatus.CHECKING


def _queue_again(message: Claimed, condition: ColumnElement[bool], now: datetime) -> None:
    retry_at = now + backoff(message.attempts)
    values = {"status": MessageStatus.QUEUED, "send_after": retry_at, "error": None}
    _write(message, condition, values)


def give_back(message: Claimed) -> None:
    """Its call has not begun: it is queued as if it had never been claimed."""
    values = {"status": MessageStatus.QUEUED, "attempts": Message.attempts - 1}
    _write(message, Message.status == MessageStatus.SENDING, values, begun=False)


def _write(
    message: Claimed,
    condition: ColumnElement[bool],
    values: dict[str, Any],
    aside: tuple[str, datetime] | None = None,
    begun: bool = True,
) -> None:
    """Only if we still hold it. With a reason and a time it stands aside for the operator; an
    attempt that did not begin costs nothing."""
    held = (
        update(Message)
        .where(Message.id == message.id, Message.claim == message.claim, condition)
        .values({"claim": None, "lease_until": None} | values)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    with tenant_scope(message.tenant_id):
        written = db.session.scalar(held)
        if written and aside:
            park_message(message.id, message.attempts, *aside)
        if written and not begun:
            refund(message.id, message.attempted_at)
        db.session.commit()
    live.publish(message.tenant_id, message.customer_id)
