"""Processes beside the simulator stand still (SIGSTOP), and go on."""

import os
import signal
from contextlib import suppress
from time import monotonic, sleep

from app.simulator.breakages.breakage import Breakage
from app.simulator.breakages.own_processes import running

PATIENCE_SECONDS = 2.0
OF_PROCESS = {
    "worker_still": Breakage(
        "Urgent worker stands still",
        "send a message: it is told after two minutes",
        {},
        ("waiting", "outbox"),
    ),
    "scheduler_still": Breakage(
        "Scheduler stands still", "it is told after some minutes", {}, ("timetable",)
    ),
    "streams_still": Breakage(
        "Streams stand still", "open pages are not told what changes", {}, ("live_streams",)
    ),
    "redis_still": Breakage(
        "Redis stands still", "nothing leaves, and pages are slower", {}, ("redis",)
    ),
    "database_still": Breakage(
        "Database takes nobody new",
        "pages go on with the connections that they have",
        {},
        ("database",),
    ),
}


def set_still(key: str, on: bool) -> None:
    for process_id in running().get(key, ()):
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGSTOP if on else signal.SIGCONT)
    # It does so when it has its turn on a processor.
    given_up = monotonic() + PATIENCE_SECONDS
    while (key in running(only_still=True)) != on and monotonic() < given_up:
        sleep(0.01)
