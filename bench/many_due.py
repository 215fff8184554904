"""A hundred thousand reminders that are due among a million: `python -m bench.many_due [ALL]`.

One worker's process decides on them and enters their messages: how long that takes, and the most
memory that it has.
"""

import json
import subprocess
import sys
from pathlib import Path

import flask_migrate
import psycopg

import wsgi
from app.extensions import db
from bench.alone import Alone, alone
from bench.crowd import business

APPOINTMENTS, DUE_OF, BUSINESSES, EACH = 1_000_000, 10, 20, 5
MOST_SECONDS, MOST_MB = 120, 150
SENT = "SELECT count(*), count(DISTINCT message_id) FROM notification WHERE status = 'sent'"
ROWS = Path(__file__).with_suffix(".sql").read_text()


def measure(appointments: int = APPOINTMENTS) -> list[dict[str, object]]:
    """On servers of its own; the worker is a process that has made nothing of it."""
    with alone() as here:
        _run(here, "bench.many_due", "businesses")
        _fill(here, appointments)
        told = json.loads(_run(here, "bench.one_dispatcher"))
        _judge(here, appointments // DUE_OF)
    due = f"{appointments // DUE_OF:,} due of {appointments:,} appointments"
    return [_row(due, *each) for each in (("seconds", told["seconds"]), ("MB", told["MB"]))]


def _run(here: Alone, *module: str) -> str:
    """What it prints last."""
    command = (sys.executable, "-m", *module)
    done = subprocess.run(command, env=here.env(), stdout=subprocess.PIPE, check=True)
    return (done.stdout.splitlines() or [b""])[-1].decode()


def _fill(here: Alone, appointments: int) -> None:
    counts = {
        "businesses": BUSINESSES,
        "appointments": appointments,
        "customers": appointments // EACH,
        "due": appointments // DUE_OF,
    }
    with psycopg.connect(here.database, autocommit=True) as connection:
        for statement in ROWS.format(**counts).split(";\n"):
            connection.execute(statement, prepare=False)


def _judge(here: Alone, due: int) -> None:
    """Raises RuntimeError unless each that was due has a message of its own."""
    with psycopg.connect(here.database) as connection:
        query = (
            "SELECT count(*), count(DISTINCT message_id) FROM notification WHERE status = 'sent'"
        )
        if connection.execute(query).fetchone() != (due, due):
            raise RuntimeError("not all that was due has a message of its own")


def _row(name: str, unit: str, figure: float) -> dict[str, object]:
    goal = MOST_SECONDS if unit == "seconds" else MOST_MB
    return {
        "name": f"{name}, {unit}",
        "ours": round(figure, 1),
        "floor": goal,
        "unit": f"{unit}; the floor is the goal",
        "ratio": round(goal / figure, 2),
        "goal": f"at most {goal} {unit}",
        "holds": figure <= goal,
    }


def businesses() -> None:
    flask_migrate.upgrade()
    for number in range(BUSINESSES):
        salon = business(f"salon{number}", f"+1415555{number:04d}")
        salon.quiet_from = salon.quiet_until = None
    db.session.commit()


def main() -> None:
    if sys.argv[1:] == ["businesses"]:
        with wsgi.build().app_context():
            businesses()
    else:
        for each in measure(*map(int, sys.argv[1:])):
            print(each, flush=True)


if __name__ == "__main__":
    main()
