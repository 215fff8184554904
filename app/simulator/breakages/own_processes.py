"""The processes beside the simulator in `make run`, by the breakage of their part.

The supervisor marks those of each part by their environment (KAIVOX_PART=run/part/). Our own
servers write over theirs, and are known by the folder of VAR_DIR that they work in. On Linux only,
and under the supervisor alone: elsewhere there are none.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

MARK = "KAIVOX_PART"
PROC = Path("/proc")
# By the part's name, as the supervisor has it.
PARTS = {"worker_still": "worker", "scheduler_still": "scheduler", "streams_still": "streams"}
# By the folder and the program.
SERVERS = {"redis_still": ("valkey", "valkey-server"), "database_still": ("postgres", "postgres")}


class Process(NamedTuple):
    id: int
    name: str
    state: str
    parent: int


def running(only_still: bool = False) -> dict[str, list[int]]:
    """Their ids; those alone that stand still (SIGSTOP), where that is asked."""
    run = os.environ.get(MARK, "").partition("/")[0]
    found = defaultdict(list)
    for process in _processes() if run else ():
        if process.state == "T" or not only_still:
            for key in _keys(run, process):
                found[key].append(process.id)
    return dict(found)


def _processes() -> Iterator[Process]:
    for folder in PROC.glob("[0-9]*"):
        # Any may end before it is read.
        with suppress(OSError):
            # The name may have brackets and blanks of its own (proc(5)).
            before, _, after = (folder / "stat").read_text().rpartition(")")
            state, parent = after.split()[:2]
            yield Process(int(folder.name), before.partition("(")[2], state, int(parent))


def _keys(run: str, process: Process) -> Iterator[str]:
    for key, (folder, program) in SERVERS.items():
        works_there = process.name == program and _works_in(folder, process.id)
        # The first of them started the others.
        if works_there and not _works_in(folder, process.parent):
            yield key
    # With blanks behind it (app/supervisor/stragglers.py).
    marks = [each.rstrip() for each in _environment(process.id)]
    yield from (key for key, part in PARTS.items() if f"{MARK}={run}/{part}/".encode() in marks)


def _works_in(folder: str, process_id: int) -> bool:
    with suppress(OSError):
        wanted = Path(os.environ.get("VAR_DIR") or "var", folder).resolve()
        return (PROC / f"{process_id}/cwd").readlink() == wanted
    return False


def _environment(process_id: int) -> list[bytes]:
    """Empty: another user's cannot be read."""
    with suppress(OSError):
        return (PROC / f"{process_id}/environ").read_bytes().split(b"\0")
    return []
