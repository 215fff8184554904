"""The life of a notification: its states, the moves between them, and each move's guard.

Rows are moved one by one by whoever holds their lock and commits (a move that the table does not
have raises IllegalMove, which is a fault of ours), or many by one statement, with the states that
they may leave in its WHERE. Nothing else writes Notification.status
(tests/architecture/test_transitions.py). docs/architecture.md has the picture, made by
`python -m scripts.state_diagrams`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, update
from sqlalchemy.dialects.postgresql import Insert, insert

from app.lib.state_machine import IllegalMove, Move
from app.models import Message, Notification
from app.models import NotificationStatus as Status
from app.notifications.causes import REVIVABLE, Cause
from app.tenancy import current_tenant_id

STATES = {
    Status.PLANNED: "waits for its time",
    Status.SENT: "its message is in the outbox; what becomes of it there, the message says",
    Status.SKIPPED: "its time came, and it was not sent; why is in `cause` and `reason`",
    Status.CANCELLED: "it no longer holds, or somebody did not want it",
}

MOVES = {
    "plan": Move((), (Status.PLANNED,), "an appointment, a call or staff ask for it"),
    "skip": Move((Status.PLANNED,), (Status.SKIPPED,), "decided when due: it does not go"),
    "leave_out": Move((), (Status.SKIPPED,), "known when planned: it will not go"),
    "send": Move((Status.PLANNED,), (Status.SENT,), "decided when due: it goes"),
    "cancel": Move(
        (Status.PLANNED, Status.SENT), (Status.CANCELLED,), "no longer right, and not gone yet"
    ),
    "revive": Move(
        (Status.SKIPPED, Status.CANCELLED), (Status.PLANNED,), "it was only taken out, and holds"
    ),
    "fall_back": Move((Status.SENT,), (Status.PLANNED,), "it did not arrive; by another channel"),
}

KEY = ["tenant_id", "appointment_id", "type", "step", "starts_at", "telling"]


def new(**columns: Any) -> Notification:
    return Notification(status=Status.PLANNED, **columns)


def leave_out(cause: Cause, reason: str, now: datetime, **columns: Any) -> Notification:
    ended = {"status": Status.SKIPPED, "cause": cause, "reason": reason, "decided_at": now}
    return Notification(**columns, **ended)


def plan(
    key: Mapping[str, Any],
    columns: Mapping[str, Any],
    link: str | None,
    skip: tuple[Cause, str] | None,
    now: datetime,
) -> Insert:
    """Insert the row, move it if it still waits, revive it if it was only taken out; with a cause
    and a reason it is left out. A row that is there keeps its link."""
    status = Status.SKIPPED if skip else Status.PLANNED
    cause, reason = skip or ("", "")
    ended = {"cause": cause, "reason": reason, "decided_at": now if skip else None}
    values = {**columns, "status": status, **ended}
    row = insert(Notification).values(tenant_id=current_tenant_id(), **key, **values, link=link)
    may = _in("skip") | (_in("revive") & Notification.cause.in_(REVIVABLE))
    return row.on_conflict_do_update(index_elements=KEY, set_=values, where=may)


def plan_once(**columns: Any) -> Insert:
    """Insert the row, unless there is one of its key."""
    row = insert(Notification).values(
        tenant_id=current_tenant_id(), status=Status.PLANNED, **columns
    )
    return row.on_conflict_do_nothing()


def send(row: Notification, message: Message, cause: Cause, reason: str, now: datetime) -> None:
    """The message is in the outbox, or has arrived already."""
    row.message_id, row.channel = message.id, message.channel
    _move("send", row, Status.SENT, cause, reason, now)


def skip(row: Notification, cause: Cause, reason: str, now: datetime) -> None:
    _move("skip", row, Status.SKIPPED, cause, reason, now)


def skip_all(which: list[ColumnElement[bool]], cause: Cause, reason: str, now: datetime) -> Update:
    """The statement; what does not wait stays as it is."""
    values = {"cause": cause, "reason": reason, "decided_at": now}
    statement = update(Notification).where(_in("skip"), *which)
    ended = statement.values(status=Status.SKIPPED, **values)
    return ended.execution_options(synchronize_session=False)


def cancel(row: Notification, cause: Cause, reason: str, now: datetime) -> None:
    """Of one that was sent, only whoever took its message back."""
    _move("cancel", row, Status.CANCELLED, cause, reason, now)


def fall_back(row: Notification, now: datetime) -> None:
    """Due at once, by what has not been tried."""
    row.due_at = now
    _move("fall_back", row, Status.PLANNED, "", "", None)


def _in(name: str) -> ColumnElement[bool]:
    return Notification.status.in_(MOVES[name].origins)


def _move(
    name: str, row: Notification, status: Status, cause: str, reason: str, at: datetime | None
) -> None:
    if row.status not in MOVES[name].origins:
        raise IllegalMove(f"{name} does not lead on from {row.status}")
    row.status, row.cause, row.reason, row.decided_at = status, cause, reason, at
