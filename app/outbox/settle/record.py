"""Writes down what became of a claimed message, by compare and set: only the claim's holder may."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import uniform
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Integer, Text, Update, Uuid, tuple_

from app import live
from app.channels import CHANNELS
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Message
from app.outbox import transitions
from app.outbox.delivery.claimed import Claimed
from app.outbox.queue.opt_out import carrier_says_stop
from app.outbox.queue.paused_senders import cleared, pause
from app.outbox.queue.platform_spending import refund
from app.outbox.queue.value_rows import rows_of
from app.outbox.settle import carried_by
from app.outbox.settle.dead_letters import bury_message
from app.providers.contract import Accepted, Outcome, SendError, StatusReport
from app.tenancy import key_of, tenant_scope, unscoped

# With the backoff below: about a quarter of an hour, in which a carrier comes back or a broken
# version of ours is replaced; what still fails then stands aside until the operator says so.
MOST_ATTEMPTS = 11
# A moment for the carrier's list to catch up with what it accepted.
FIRST_LOOK_AFTER = timedelta(seconds=15)
# Callbacks come within seconds; where none has come for so long, none may come.
FIRST_ASK_AFTER = timedelta(minutes=10)
# A message that waited longer for its sender says things that no longer hold.
PATIENCE = timedelta(hours=12)
UNKNOWN = (
    "We could not find out whether this message went out. Look for the customer's answer before"
    " you write again."
)
NEVER_ARRIVED = (
    "The carrier did not take this message, however often we tried. Send it again later."
)


def accepted(answers: Sequence[tuple[Claimed, Accepted]]) -> None:
    """The providers have them, which is written down by one statement. A callback may have been
    quicker: the status only moves up."""
    rows = rows_of(
        sorted(_taken(message, answer) for message, answer in answers),
        tenant_id=Integer,
        id=BigInteger,
        claim=Uuid,
        sid=Text,
        status=Text,
        ask_at=DateTime,
    )
    these = tuple_(rows.c.tenant_id, rows.c.id)
    held = [key_of(Message) == these, Message.claim == rows.c.claim]
    with unscoped("the outbox is one for all tenants"):
        moved = transitions.accept(held, rows.c.status, rows.c.sid, rows.c.ask_at)
        working = cleared({(message.tenant_id, message.channel) for message, _ in answers})
        db.session.execute(moved.add_cte(working))
        db.session.commit()
    steps = ((each.tenant_id, each.customer_id, each.id, said.status) for each, said in answers)
    live.publish_steps(*map(live.Step._make, steps))


def _taken(message: Claimed, answer: Accepted) -> tuple[Any, ...]:
    channel = CHANNELS[message.channel]
    asked = channel.followed and channel.is_asked
    ask_at = message.attempted_at + FIRST_ASK_AFTER if asked else None
    return message.tenant_id, message.id, message.claim, answer.sid, answer.status, ask_at


def failed(message: Claimed, error: SendError, now: datetime) -> None:
    """It was refused, or will be tried again, or must be looked for; where a callback has come
    meanwhile, it knows better."""
    if error.outcome is Outcome.UNKNOWN:
        look_again(message, now + FIRST_LOOK_AFTER)
    elif error.sender_at_fault and now - message.created_at < PATIENCE:
        _wait_for_the_sender(message, error, now)
    elif error.outcome is Outcome.RETRY and message.attempts < MOST_ATTEMPTS:
        _queue_again(message, now)
    else:
        _refuse(message, error, now)


def _wait_for_the_sender(message: Claimed, error: SendError, now: datetime) -> None:
    with tenant_scope(message.tenant_id):
        pause(message.channel, error, now)
        release(message)


def _refuse(message: Claimed, error: SendError, now: datetime) -> None:
    with tenant_scope(message.tenant_id):
        if error.opted_out:
            _carrier_says_stop(message, now)
        # An account at fault is the business's to put right: staff see why, and try again.
        could_help = error.outcome is Outcome.RETRY
        aside = (error.for_the_operator, now) if could_help else None
        _write(message, transitions.refuse(_held(message), error.code, error.reason), aside)


def _carrier_says_stop(message: Claimed, at: datetime) -> None:
    carrier_says_stop(message.channel, message.recipient, message.id, message.account_sid, at)


def look_again(message: Claimed, at: datetime) -> None:
    """Nobody knows yet: it is looked for at that time, and not sent meanwhile."""
    _write(message, transitions.doubt(_held(message), at))


def found(message: Claimed, report: StatusReport) -> None:
    """The carrier has it after all."""
    facts = {
        "provider_sid": report.sid,
        "error_code": report.error_code,
        "error": report.error,
        "ask_at": message.attempted_at + FIRST_ASK_AFTER,
    }
    with tenant_scope(message.tenant_id):
        if report.opted_out:
            _carrier_says_stop(message, message.attempted_at)
        _write(
            message,
            transitions.find(_held(message), report.status or MessageStatus.ACCEPTED, **facts),
        )
        carried_by.note(message.id, report, message.attempted_at)
        db.session.commit()


def absent(message: Claimed, now: datetime) -> None:
    """The carrier never got it: it may be sent again."""
    if message.attempts < MOST_ATTEMPTS:
        _queue_again(message, now)
    else:
        over = transitions.never_arrive(_held(message), NEVER_ARRIVED)
        _write(message, over, (NEVER_ARRIVED, now))


def unknown(message: Claimed, sentence: str = UNKNOWN) -> None:
    """It cannot be found out. A callback that names it still tells the truth later."""
    _write(message, transitions.give_up(_held(message), sentence))


def given_up(message: Claimed, reason: str, now: datetime) -> None:
    """It could not even be looked for; the operator can have that tried once more."""
    _write(message, transitions.give_up(_held(message), UNKNOWN), (reason, now))


def backoff(attempts: int) -> timedelta:
    """2 s, 4 s … up to 5 minutes, with jitter so that many do not come back at once."""
    seconds: float = min(2.0**attempts, 300.0)
    return timedelta(seconds=seconds * uniform(0.5, 1.0))  # noqa: S311


def _queue_again(message: Claimed, now: datetime) -> None:
    _write(message, transitions.retry(_held(message), now + backoff(message.attempts)))


def release(message: Claimed) -> None:
    """Its attempt was none: it is queued as if it had never been claimed, and costs nothing."""
    _write(message, transitions.release(_held(message)), begun=False)


def _held(message: Claimed) -> list[ColumnElement[bool]]:
    """The condition that we still hold it."""
    return [Message.id == message.id, Message.claim == message.claim]


def _write(
    message: Claimed,
    move: Update,
    aside: tuple[str, datetime] | None = None,
    begun: bool = True,
) -> None:
    """Commit the move. With a reason and a time it stands aside for the operator; an attempt that
    did not begin costs nothing."""
    with tenant_scope(message.tenant_id):
        written = db.session.scalar(move.returning(Message.id))
        if written and aside:
            bury_message(message.id, message.attempts, *aside)
        if written and not begun:
            refund(message.id, message.attempted_at)
        db.session.commit()
    live.publish(message.tenant_id, message.customer_id)
