"""The life of an imported file: its states and the moves between them.

Each is moved by whoever holds its row's lock and commits; a move that the table does not have
raises IllegalMove, which is a fault of ours. Nothing else writes FileImport.status
(tests/architecture/test_transitions.py). docs/architecture.md has the picture, made by
`python -m scripts.state_diagrams`.
"""

from datetime import datetime, timedelta

from app.lib.state_machine import IllegalMove, Move
from app.models import FileImport
from app.models import ImportStatus as Status

# So long it can be undone.
UNDO_WINDOW = timedelta(days=1)

STATES = {
    Status.MAPPING: "waits for a person to say what its columns are",
    Status.CHECKING: "each row is tried, and leaves nothing behind",
    Status.CHECKED: "waits for a person to have it taken",
    Status.IMPORTING: "each row is taken, or rejected with a reason",
    Status.DONE: "all rows are behind us; for a day it can be undone",
    Status.UNDOING: "what it made and changed is taken back, where nobody has touched it since",
    Status.UNDONE: "nothing of it is left but what was touched",
    Status.FAILED: "a fault of ours ended it; what was taken stays, and can be undone",
}

MOVES = {
    "begin": Move((), (Status.MAPPING,), "somebody uploads it"),
    "check": Move((Status.MAPPING, Status.CHECKED), (Status.CHECKING,), "its columns are said"),
    "checked": Move((Status.CHECKING,), (Status.CHECKED,), "all rows were tried"),
    "start": Move((Status.CHECKED,), (Status.IMPORTING,), "somebody has seen what it would do"),
    "finish": Move((Status.IMPORTING,), (Status.DONE,), "all rows were taken"),
    "undo": Move((Status.DONE, Status.FAILED), (Status.UNDOING,), "within a day"),
    "undone": Move((Status.UNDOING,), (Status.UNDONE,), "all changes were looked at"),
    "fail": Move(
        (Status.CHECKING, Status.IMPORTING, Status.UNDOING), (Status.FAILED,), "a fault of ours"
    ),
}


def begin(kind: str, name: str, file: bytes, rows: int, now: datetime) -> FileImport:
    """A new one, which is not in the session yet."""
    return FileImport(
        kind=kind, name=name, file=file, rows=rows, status=Status.MAPPING, worked_at=now
    )


def check(upload: FileImport, now: datetime) -> None:
    _move("check", upload, Status.CHECKING, now)
    _count_anew(upload)


def checked(upload: FileImport, now: datetime) -> None:
    _move("checked", upload, Status.CHECKED, now)


def start(upload: FileImport, now: datetime) -> None:
    _move("start", upload, Status.IMPORTING, now)
    _count_anew(upload)


def finish(upload: FileImport, now: datetime) -> None:
    _move("finish", upload, Status.DONE, now)
    _end(upload, now)


def undo(upload: FileImport, now: datetime) -> None:
    """Its counts of rows stay: they say what there was."""
    _move("undo", upload, Status.UNDOING, now)
    upload.finished_at, upload.done, upload.undone = None, 0, 0
    upload.error, upload.reasons, upload.faults = None, [], 0


def undone(upload: FileImport, now: datetime) -> None:
    _move("undone", upload, Status.UNDONE, now)
    upload.finished_at, upload.undo_until = now, None


def fail(upload: FileImport, error: str, now: datetime) -> None:
    _move("fail", upload, Status.FAILED, now)
    upload.error = error
    _end(upload, now)


def _end(upload: FileImport, now: datetime) -> None:
    upload.finished_at, upload.undo_until = now, now + UNDO_WINDOW
    upload.file = upload.content = None


def _count_anew(upload: FileImport) -> None:
    upload.done = upload.created = upload.updated = upload.unchanged = upload.rejected = 0
    upload.reasons, upload.made, upload.faults = [], [], 0


def _move(name: str, upload: FileImport, status: Status, now: datetime) -> None:
    if upload.status not in MOVES[name].origins:
        raise IllegalMove(f"{name} does not lead on from {upload.status}")
    upload.status, upload.worked_at = status, now
