"""The processes beside the simulator in `make run`: they stand still (SIGSTOP), and go on.

The supervisor marks those of each part by their environment (KAIVOX_PART=run/part/). Our own
servers write over theirs, and are known by the folder of VAR_DIR that they work in. On Linux only,
and under the supervisor alone: elsewhere there are none.
"""

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from app.simulator.breakages.breakages import Breakage

MARK = "KAIVOX_PART"
PROC = Path("/proc")
PATIENCE_SECONDS = 2.0
# By the part's name, as the supervisor has it.
PARTS = {"worker_still": "worker", "scheduler_still": "scheduler", "streams_still": "streams"}
# By the folder and the program.
SERVERS = {"redis_still": ("valkey", "valkey-server"), "database_still": ("postgres", "postgres")}
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
        "pages go on with what they have; “flask --app wsgi health” tells it, after half a minute",
        {},
        ("database",),
    ),
}


def there(key: str) -> bool:
    """Whether that part runs beside us."""
    return any(_of(key, _processes()))


def still(key: str) -> bool:
    """Whether it runs beside us and stands still."""
    return any(_of(key, [each for each in _processes() if _stat(each)[1:2] == ["T"]]))


def set_still(key: str, on: bool) -> None:
    for process in _of(key, _processes()):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP if on else signal.SIGCONT)
    # It does so when it has its turn on a processor.
    given_up = monotonic() + PATIENCE_SECONDS
    while still(key) != on and monotonic() < given_up:
        sleep(0.01)


def _of(key: str, among: Iterable[int]) -> Iterator[int]:
    run = os.environ.get(MARK, "").partition("/")[0]
    if run and key in PARTS:
        yield from _marked(f"{MARK}={run}/{PARTS[key]}/".encode(), among)
    elif run:
        folder, program = SERVERS[key]
        yield from _serving(
            Path(os.environ.get("VAR_DIR") or "var", folder).resolve(), program, among
        )


def _marked(wanted: bytes, among: Iterable[int]) -> Iterator[int]:
    for process in among:
        # Other users' processes cannot be read, and any may end before it is.
        with suppress(OSError):
            if wanted in (PROC / f"{process}/environ").read_bytes().split(b"\0"):
                yield process


def _serving(folder: Path, program: str, among: Iterable[int]) -> Iterator[int]:
    """The first of those that work there: the others were started by it."""
    for process in among:
        name, _, parent = (*_stat(process), "", "", "")[:3]
        if name == program and _works_in(folder, process) and not _works_in(folder, int(parent)):
            yield process


def _processes() -> Iterator[int]:
    return (int(folder.name) for folder in PROC.glob("[0-9]*"))


def _works_in(folder: Path, process: int) -> bool:
    with suppress(OSError):
        return (PROC / f"{process}/cwd").readlink() == folder
    return False


def _stat(process: int) -> list[str]:
    """Its name, its state and its parent (proc(5)); empty: it is gone."""
    with suppress(OSError):
        # The name may have brackets and blanks of its own.
        before, _, after = (PROC / f"{process}/stat").read_text().rpartition(")")
        return [before.partition("(")[2], *after.split()[:2]]
    return []
