"""`python -m faults.mutants [NAME…]`: each guard taken away, and what the run then finds.

A line of JSON for each. The exit code is 1 when a run found nothing wrong without the guard; with
`--control`, also when it found something wrong with it.
"""

import json
import sys

from psycopg import sql

from faults.__main__ import speaker
from faults.dose import Dose
from faults.run import Say, play
from faults.stage import OneMachine, set_up
from faults.verdict import Verdict

_SMALL = Dose(kills=0, messages=0, inbound=0, seconds=90, traffic_seconds=2, quick=True, weather={})
# Trouble in which each guard alone stands between the message and the wrong end.
DOSES: dict[str, dict[str, object]] = {
    # Killed while the carrier has not listed yet what it is about to take.
    "lease": {
        "kills": 3,
        "messages": 30,
        "targets": ("worker that sends",),
        "lease_seconds": 12,
        "weather": {"latency_ms": 2000, "list_lag_seconds": 8, "drop_callbacks": 1},
    },
    # Taken by the carrier, and never answered.
    "reconcile": {"messages": 12, "weather": {"reset_after": 1, "drop_callbacks": 1}},
    # Ten copies of one webhook at once.
    "sid_key": {"inbound": 12, "copies": 10},
    # "sent" after "delivered".
    "rank": {"messages": 40, "traffic_seconds": 3.0},
    # The button pressed three times at once.
    "token": {"messages": 12, "posts_each": 3},
    # Killed between the message and the notification's end.
    "one_transaction": {
        "kills": 10,
        "appointments": 24,
        "targets": ("worker",),
        "traffic_seconds": 6.0,
    },
    # Killed between what a rule did and its run's end.
    "rule_at_once": {
        "kills": 10,
        "inbound": 12,
        "targets": ("worker",),
        "traffic_seconds": 6.0,
    },
    # Moved and cancelled while a busy carrier keeps what tells of them waiting.
    "withdraw": {
        "appointments": 40,
        "rest_seconds": 3,
        "weather": {"rate_429": 0.8},
        "traffic_seconds": 6.0,
    },
    # Killed while a receiver takes its time.
    "webhook_lease": {
        "kills": 10,
        "appointments": 40,
        "targets": ("slow-worker that tells",),
        "traffic_seconds": 6.0,
    },
}


def dose(name: str, mutation: str) -> Dose:
    """The run that provokes what the guard of that name prevents, with or without a mutation."""
    return Dose(**{**_SMALL.__dict__, **DOSES[name], "mutation": mutation})  # type: ignore[arg-type]


def on_a_copy(stage: OneMachine, name: str) -> None:
    """A new database as the town was at first."""
    stage.environ["DATABASE_URL"] = stage.postgres.url
    stage.sql(sql.SQL("CREATE DATABASE {} TEMPLATE kaivox").format(sql.Identifier(name)))
    stage.environ["DATABASE_URL"] = f"{stage.postgres.url.rpartition('/')[0]}/{name}"


def main(names: list[str]) -> int:
    """The exit code; with no names, all guards. --control runs each with its guard first."""
    control, names = "--control" in names, [each for each in names if each != "--control"]
    say, wrong = speaker(), []
    with set_up() as stage:
        for name in names or list(DOSES):
            if control and not _try(stage, name, "", say).holds:
                wrong.append(f"{name} fails with its guard")
            if _try(stage, name, name, say).holds:
                wrong.append(f"nothing notices that {name} is gone")
    for each in wrong:
        say(each)
    return 1 if wrong else 0


def _try(stage: OneMachine, name: str, mutation: str, say: Say) -> Verdict:
    on_a_copy(stage, f"{name}_{'without' if mutation else 'with'}")
    verdict, _ = play(stage, dose(name, mutation), lambda what: None)
    say(f"{'without' if mutation else 'with'} {name}: {_summary(verdict)}")
    print(json.dumps({"dose": name, "mutation": mutation} | verdict.json()), flush=True)
    return verdict


def _summary(verdict: Verdict) -> str:
    if verdict.holds:
        return "every promise held"
    return verdict.notes[0] if verdict.notes else f"{verdict.doubled} doubled"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
