"""The processes beside the simulator in `make run`: they stand still (SIGSTOP), and go on.

The supervisor marks those of each part by their environment (KAIVOX_PART=run/part/). On Linux only,
and under the supervisor alone: elsewhere there are none. Valkey writes over its environment, and
PostgreSQL would take the pages with it: they are for whoever knows their ids (otherwise.py).
"""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.simulator.breakages.breakages import Breakage

MARK = "KAIVOX_PART"
PROC = Path("/proc")
# By the part's name, as the supervisor has it.
PARTS = {
    "worker_still": "worker",
    "scheduler_still": "scheduler",
}
OF_PROCESS = {
    "worker_still": Breakage(
        "Urgent worker stands still", "send a message: it is told after two minutes", {}, "waiting"
    ),
    "scheduler_still": Breakage(
        "Scheduler stands still", "it is told after some minutes", {}, "timetable"
    ),
}


def there(key: str) -> bool:
    """Whether that part runs beside us."""
    return any(_of(key))


def still(key: str) -> bool:
    return any(map(_stands_still, _of(key)))


def set_still(key: str, on: bool) -> None:
    for process in _of(key):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP if on else signal.SIGCONT)


def _of(key: str) -> Iterator[int]:
    run = os.environ.get(MARK, "").partition("/")[0]
    wanted = f"{MARK}={run}/{PARTS[key]}/".encode()
    for folder in PROC.glob("[0-9]*") if run else ():
        # Other users' processes cannot be read, and any may end before it is.
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)


def _stands_still(process: int) -> bool:
    with suppress(OSError):
        # The state comes after the name, which may have brackets and blanks of its own (proc(5)).
        return (PROC / f"{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    return False
