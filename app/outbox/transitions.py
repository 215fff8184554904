"""The life of an outbound message: its states, the moves between them, and each move's guard.

A state machine whose rows are moved by conditional UPDATEs (compare and set): each has the states
that it may leave in its WHERE, so that of two who act at once the second finds nothing to move.
Nothing else writes Message.status (tests/architecture/test_transitions.py); a message that came in
is born RECEIVED by the inbound statement, and stays so. Every function but `queue` gives a
statement, narrowed by the caller's conditions, as part of the caller's transaction.
docs/architecture.md has the picture, made by `python -m scripts.state_diagrams`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, cast, func, literal, update

from app.lib.message_status import MessageStatus as Status
from app.lib.state_machine import Move
from app.models import Direction, Message
from app.models.message import status_type

STATES = {
    Status.QUEUED: "waits in the outbox",
    Status.SENDING: "somebody holds it under a lease, and may have called the carrier",
    Status.CHECKING: "in doubt, as no clear answer came: it is looked for before it is sent again",
    Status.ACCEPTED: "the carrier has it",
    Status.UNKNOWN: "nobody can find out whether it went; it is not sent again",
    Status.SENT: "the carrier gave it to the network",
    Status.FAILED: "it did not go out or did not arrive; the reason is in `error`",
    Status.DELIVERED: "the carrier says that it arrived",
    Status.READ: "its reader has seen it",
    Status.CANCELLED: "it was taken back before it left",
}

MOVES = {
    "queue": Move((), (Status.QUEUED,), "staff wrote it, or a notification is due"),
    "sent_elsewhere": Move((), (Status.SENT,), "somebody wrote it by another app"),
    "claim": Move((Status.QUEUED,), (Status.SENDING,), "a worker takes a lease, and calls"),
    "accept": Move((Status.SENDING,), (Status.ACCEPTED, Status.SENT), "the carrier took it"),
    "refuse": Move((Status.SENDING,), (Status.FAILED,), "the carrier refused it"),
    "release": Move((Status.SENDING,), (Status.QUEUED,), "the attempt was none of its own"),
    "retry": Move(
        (Status.SENDING, Status.CHECKING), (Status.QUEUED,), "it certainly did not go; later again"
    ),
    "doubt": Move(
        (Status.SENDING, Status.CHECKING), (Status.CHECKING,), "it may have gone; look (again)"
    ),
    "expire_lease": Move((Status.SENDING,), (Status.CHECKING,), "whoever held it is dead"),
    "find": Move(
        (Status.CHECKING,),
        (Status.ACCEPTED, Status.SENT, Status.FAILED, Status.DELIVERED, Status.READ),
        "the carrier's list has it",
    ),
    "never_arrive": Move((Status.CHECKING,), (Status.FAILED,), "proven absent, too often"),
    "give_up": Move((Status.CHECKING,), (Status.UNKNOWN,), "it cannot be found out"),
    "report": Move(
        (
            Status.QUEUED,
            Status.SENDING,
            Status.CHECKING,
            Status.ACCEPTED,
            Status.UNKNOWN,
            Status.SENT,
            Status.FAILED,
            Status.DELIVERED,
        ),
        (Status.ACCEPTED, Status.SENT, Status.FAILED, Status.DELIVERED, Status.READ),
        "a delivery report: only up, in the order above",
    ),
    "expire": Move((Status.QUEUED,), (Status.FAILED,), "it may not go, or not any more"),
    "cancel": Move((Status.QUEUED,), (Status.CANCELLED,), "taken back, or it no longer holds"),
    "resume": Move((Status.FAILED,), (Status.QUEUED,), "the operator lets it be tried once more"),
    "recheck": Move((Status.UNKNOWN,), (Status.CHECKING,), "the operator has it looked for"),
}

DOUBTED = (
    "We could not confirm that this message went out. We are checking, so that it is not sent"
    " twice."
)
# Nobody holds it any more.
FREE = {"claim": None, "lease_until": None}

Which = Sequence[ColumnElement[bool]]


def queue(**columns: Any) -> Message:
    """A new message for the outbox; send_after says from when it may leave."""
    return Message(direction=Direction.OUTBOUND, status=Status.QUEUED, **columns)


def sent_elsewhere(**columns: Any) -> Message:
    """A message of the business's that left by another program, and is told of afterwards."""
    return Message(direction=Direction.OUTBOUND, status=Status.SENT, **columns)


def claim(which: Which, now: datetime, account_sid: Any, service_sid: Any = None) -> Update:
    """Whoever executes it adds the claim and its lease."""
    attempt = {"attempts": Message.attempts + 1, "attempted_at": now}
    by = {"account_sid": account_sid, "service_sid": service_sid}
    return _move("claim", Status.SENDING, which, **attempt, **by)


def accept(
    held: Which,
    status: ColumnElement[str],
    sid: ColumnElement[str],
    ask_at: ColumnElement[datetime | None],
) -> Update:
    """A report that was quicker than the answer stays: the status only moves up."""
    higher = func.greatest(Message.status, cast(status, status_type))
    values = {"status": higher, "provider_sid": sid, "ask_at": ask_at}
    return _update(held, **values, **FREE)


def refuse(held: Which, code: int | None, reason: str) -> Update:
    return _move("refuse", Status.FAILED, held, error_code=code, error=reason, **FREE)


def release(held: Which) -> Update:
    """As if it had never been claimed."""
    none = {"attempts": Message.attempts - 1, "error_code": None, "error": None}
    return _move("release", Status.QUEUED, held, **none, **FREE)


def retry(held: Which, at: datetime) -> Update:
    return _move("retry", Status.QUEUED, held, send_after=at, error=None, **FREE)


def doubt(held: Which, look_at: datetime) -> Update:
    """Looked for at that time, and not sent meanwhile."""
    values = {"error": DOUBTED, "claim": None, "lease_until": look_at}
    return _move("doubt", Status.CHECKING, held, **values)


def expire_lease(now: datetime) -> Update:
    """All whose lease is over; their claims count no more."""
    values = {"error": DOUBTED, "claim": None, "lease_until": now}
    return _move("expire_lease", Status.CHECKING, [Message.lease_until < now], **values)


def find(held: Which, status: Status, **facts: Any) -> Update:
    """Facts: the SID, the error, when the carrier is asked."""
    return _move("find", status, held, **facts, **FREE)


def never_arrive(held: Which, reason: str) -> Update:
    return _move("never_arrive", Status.FAILED, held, error=reason, **FREE)


def give_up(held: Which, reason: str) -> Update:
    """A report that names it still tells the truth later."""
    return _move("give_up", Status.UNKNOWN, held, error=reason, **FREE)


def report(which: Which, status: Status, **facts: Any) -> Update:
    """Reports come in any order and twice; what ranks lower than what is known moves nothing."""
    rises = Message.status < literal(status, status_type)
    return _move("report", status, [rises, *which], **facts)


def expire(which: Which, why: Any) -> Update:
    """Why: a text, or an expression that gives it."""
    return _move("expire", Status.FAILED, which, error=why)


def cancel(which: Which, why: str | None = None) -> Update:
    return _move("cancel", Status.CANCELLED, which, error=why)


def resume(which: Which, now: datetime, attempts: int) -> Update:
    values = {"send_after": now, "attempts": attempts, "error": None, "error_code": None}
    return _move("resume", Status.QUEUED, which, **values)


def recheck(which: Which, now: datetime, attempts: int) -> Update:
    """As it may have gone out, it is sent only if it is then proven absent."""
    values = {"lease_until": now, "attempts": attempts, "error": DOUBTED}
    return _move("recheck", Status.CHECKING, which, **values)


def _move(name: str, status: Status, which: Which, **values: Any) -> Update:
    return _update([Message.status.in_(MOVES[name].origins), *which], status=status, **values)


def _update(which: Which, **values: Any) -> Update:
    statement = update(Message).where(*which).values(**values)
    return statement.execution_options(synchronize_session=False)
