"""The life of a broadcast: its states, the moves between them, and each move's guard.

Each move is one conditional UPDATE, so that of two who act at once the second finds nothing to
move. Nothing else writes Broadcast.status (tests/architecture/test_transitions.py). A worker holds
the row's lock while it writes messages: whoever pauses or stops comes before or after that.
docs/architecture.md has the picture, made by `python -m scripts.state_diagrams`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update

from app.audit.audit_record import record
from app.extensions import db
from app.lib.state_machine import Move
from app.models import AuditAction, Broadcast
from app.models import BroadcastStatus as Status

STATES = {
    Status.DRAFT: "somebody writes it; nothing goes",
    Status.RUNNING: "waits for its start, or goes out",
    Status.PAUSED: "nothing of it leaves until somebody lets it go on",
    Status.DONE: "of each recipient it is decided, and nothing waits",
    Status.STOPPED: "somebody ended it; what had not left does not",
}

MOVES = {
    "draw": Move((), (Status.DRAFT,), "an admin begins one"),
    "start": Move((Status.DRAFT,), (Status.RUNNING,), "an admin has seen whom it reaches"),
    "pause": Move((Status.RUNNING,), (Status.PAUSED,), "an admin holds it"),
    "go_on": Move((Status.PAUSED,), (Status.RUNNING,), "an admin lets it go on"),
    "finish": Move((Status.RUNNING,), (Status.DONE,), "nobody is left"),
    "stop": Move((Status.RUNNING, Status.PAUSED), (Status.STOPPED,), "an admin ends it"),
}


def draw(**columns: Any) -> Broadcast:
    return Broadcast(status=Status.DRAFT, **columns)


def start(id_: int, seen: int, start_at: datetime, **columns: Any) -> bool:
    """False where it is no draft any more, or not the one that was seen."""
    mine = Broadcast.version == seen
    return _move("start", Status.RUNNING, id_, mine, start_at=start_at, **columns)


def pause(id_: int) -> bool:
    return _move("pause", Status.PAUSED, id_)


def go_on(id_: int) -> bool:
    return _move("go_on", Status.RUNNING, id_)


def finish(id_: int, now: datetime) -> bool:
    return _move("finish", Status.DONE, id_, ended_at=now)


def stop(id_: int, now: datetime) -> bool:
    return _move("stop", Status.STOPPED, id_, ended_at=now)


def _move(name: str, status: Status, id_: int, *which: ColumnElement[bool], **values: Any) -> bool:
    """Part of the caller's transaction; whether it was moved."""
    may = Broadcast.id == id_, Broadcast.status.in_(MOVES[name].origins), *which
    moved = update(Broadcast).where(*may).values(status=status, **values).returning(Broadcast.id)
    found = db.session.scalar(moved.execution_options(synchronize_session=False)) is not None
    if found:
        changes = {"status": [None, status.value]}
        record(AuditAction.CHANGED, row_kind="broadcast", row_id=id_, changes=changes)
    return found
