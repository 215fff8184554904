"""The life of a run: its states, the moves between them, and each move's guard.

Each is moved by whoever holds its customer's lock and commits; a move that the table does not have
raises IllegalMove, which is a fault of ours. Nothing else writes AutomationRun.status
(tests/architecture/test_transitions.py). docs/architecture.md has the picture, made by
`python -m scripts.state_diagrams`.
"""

from collections.abc import Sequence
from datetime import datetime

from app.lib.state_machine import IllegalMove, Move
from app.models import AutomationEvent, AutomationRule, AutomationRun
from app.models import RunStatus as Status

STATES = {
    Status.WAITING: "for its time; then it is judged, by the rule as it is then",
    Status.DONE: "all of its actions were done, by one transaction",
    Status.UNMET: "a condition did not hold; nothing was done",
    Status.VOID: "what it waited for did not come to pass, or its rule is off",
    Status.HELD_BACK: "a limit kept it from doing what it should; nothing was done",
    Status.FAILED: "an action could not be done, so none was",
}

MOVES = {
    "begin": Move((), (Status.WAITING,), "an event sets the rule off"),
    "postpone": Move((Status.WAITING,), (Status.WAITING,), "quiet hours, or a longer wait"),
    "succeed": Move((Status.WAITING,), (Status.DONE,), "its conditions hold"),
    "leave": Move((Status.WAITING,), (Status.UNMET,), "one does not"),
    "void": Move((Status.WAITING,), (Status.VOID,), "somebody answered meanwhile"),
    "hold_back": Move((Status.WAITING,), (Status.HELD_BACK,), "a limit"),
    "fail": Move((Status.WAITING,), (Status.FAILED,), "an action says why it cannot be done"),
}


def begin(
    rule: AutomationRule, event: AutomationEvent, due_at: datetime, now: datetime
) -> AutomationRun:
    """A new run, which is not in the session yet."""
    return AutomationRun(
        rule_id=rule.id,
        rule_name=rule.name,
        rule_version=rule.version,
        event_id=event.id,
        customer_id=event.customer_id,
        status=Status.WAITING,
        facts={},
        done=[],
        due_at=due_at,
        created_at=now,
    )


def postpone(run: AutomationRun, until: datetime) -> None:
    """Judged again then, and nothing of it done before."""
    run.due_at = until
    _move("postpone", run, Status.WAITING, "", None)


def succeed(run: AutomationRun, done: Sequence[str], now: datetime) -> None:
    run.done = list(done)
    _move("succeed", run, Status.DONE, "", now)


def leave(run: AutomationRun, reason: str, now: datetime) -> None:
    _move("leave", run, Status.UNMET, reason, now)


def void(run: AutomationRun, reason: str, now: datetime) -> None:
    _move("void", run, Status.VOID, reason, now)


def hold_back(run: AutomationRun, reason: str, now: datetime) -> None:
    _move("hold_back", run, Status.HELD_BACK, reason, now)


def fail(run: AutomationRun, reason: str, now: datetime) -> None:
    _move("fail", run, Status.FAILED, reason, now)


def _move(name: str, run: AutomationRun, status: Status, reason: str, at: datetime | None) -> None:
    if run.status not in MOVES[name].origins:
        raise IllegalMove(f"{name} does not lead on from {run.status}")
    run.status, run.reason, run.done_at = status, reason, at
