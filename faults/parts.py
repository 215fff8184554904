"""What a forked child becomes. Everything is imported before the fork; nothing is connected."""

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import flask_migrate
import gunicorn.app.wsgiapp
import gunicorn.workers.gthread

import app.simulator
import app.streams.__main__
import jobs.schedule
import jobs.worker
import wsgi
from app.inbound import recover, recovery_lease
from app.lib.time.clock import now
from faults import mutations, pace, town


def web() -> None:
    _gunicorn("wsgi:app")


def simulator() -> None:
    address = os.environ["TWILIO_API_URL"].removeprefix("http://")
    addresses = os.environ.get("FAULTS_CARRIER", address).split(",")
    listening = (f"--bind={each}" for each in addresses)
    _gunicorn("--workers", "1", "--threads", "48", *listening, "app.simulator.wsgi:app")


def streams() -> None:
    app.streams.__main__.main()


def worker() -> None:
    _prepare()
    jobs.worker.main(["urgent"])


def slow_worker() -> None:
    _prepare()
    jobs.worker.main(["slow"])


def scheduler() -> None:
    _prepare()
    # As the supervisor starts it: rq-scheduler reads cron strings in the zone of its process.
    os.environ["TZ"] = "UTC"
    time.tzset()
    jobs.schedule.main()


def seed() -> None:
    """An empty database becomes the town of the run."""
    with wsgi.build(os.environ).app_context():
        flask_migrate.upgrade()
        town.build()


def find_missed() -> None:
    """What the timetable does every five minutes, at a time when nothing is too young for it."""
    _prepare()
    with wsgi.build(os.environ).app_context():
        recover.recover(now() + max(recover.GRACE, recovery_lease.LEASE) + timedelta(seconds=1))


PARTS: dict[str, Callable[[], None]] = {
    "web": web,
    "streams": streams,
    "worker": worker,
    "slow-worker": slow_worker,
    "scheduler": scheduler,
    "simulator": simulator,
    "seed": seed,
    "find_missed": find_missed,
}


def _gunicorn(*arguments: str) -> None:
    _prepare()
    # Its socket for commands would be one for all that this user runs.
    options = ("-c", "gunicorn.conf.py", "--no-control-socket")
    sys.argv = ["gunicorn", *options, *arguments]
    gunicorn.app.wsgiapp.run()


def _prepare() -> None:
    if os.environ.get("FAULTS_QUICK") == "1":
        pace.quicken()
    mutations.MUTATIONS[os.environ.get("FAULTS_MUTATION", "")]()
