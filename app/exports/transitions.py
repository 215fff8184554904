"""The life of an export: a worker writes it, it is there for a week, it is gone.

Each is moved by whoever holds its row's lock and commits. Nothing else writes TenantExport.status
(tests/architecture/test_transitions.py). docs/architecture.md has the picture, made by
`python -m scripts.state_diagrams`.
"""

from datetime import datetime, timedelta

from app.lib.state_machine import IllegalMove, Move
from app.models import ExportStatus as Status
from app.models import TenantExport

# So long the file and the link to it are there.
LASTS = timedelta(days=7)

STATES = {
    Status.WRITING: "a worker writes it, as far as `part` and `after` say",
    Status.READY: "the file can be downloaded, until `ends_at`",
    Status.FAILED: "a fault of ours ended it; nothing of it is left",
    Status.ENDED: "its time is over, or somebody has removed it; nothing of it is left",
}

MOVES = {
    "begin": Move((), (Status.WRITING,), "an admin asks for it"),
    "ready": Move((Status.WRITING,), (Status.READY,), "all is written"),
    "fail": Move((Status.WRITING,), (Status.FAILED,), "a fault of ours, again and again"),
    "end": Move((Status.WRITING, Status.READY), (Status.ENDED,), "its week is over, or removed"),
}


def begin(asked_by_id: int | None, now: datetime) -> TenantExport:
    """A new one, which is not in the session yet."""
    return TenantExport(
        status=Status.WRITING, asked_by_id=asked_by_id, asked_at=now, worked_at=now, counts={}
    )


def ready(export: TenantExport, now: datetime) -> None:
    _move("ready", export, Status.READY, now)
    export.ends_at = now + LASTS


def fail(export: TenantExport, error: str, now: datetime) -> None:
    _move("fail", export, Status.FAILED, now)
    export.error = error


def end(export: TenantExport, now: datetime) -> None:
    _move("end", export, Status.ENDED, now)


def _move(name: str, export: TenantExport, status: Status, now: datetime) -> None:
    if export.status not in MOVES[name].origins:
        raise IllegalMove(f"{name} does not lead on from {export.status}")
    export.status, export.worked_at = status, now
    export.finished_at = export.finished_at or now
