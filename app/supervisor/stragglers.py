"""Find and kill what a part left behind, and, as a script, what a dead supervisor left behind.

Every process that a part starts, however it detaches, inherits the mark in its environment.
Run as `stragglers.py RUN` this is the guard: it waits for the end of its input, which comes when
the supervisor ends, kill -9 included, and kills what is left of the run.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

MARK = "KAIVOX_PART"
# A fork writes its own over that of its nursery: there has to be room.
LENGTH = 64


def mark(run: str, part: str) -> dict[str, str]:
    return {MARK: f"{run}/{part}/".ljust(LENGTH)}


def kill_part(run: str, part: str) -> None:
    kill_marked(f"{run}/{part}/")


def kill_run(run: str) -> None:
    kill_marked(f"{run}/")


def kill_marked(beginning: str) -> None:
    """Kill the marked processes, and those they start meanwhile."""
    while found := marked(beginning):
        for process in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.02)


def marked(beginning: str) -> list[int]:
    """The processes whose mark begins so. Linux only: elsewhere none are found."""
    wanted = f"{MARK}={beginning}".encode()
    folders = Path("/proc").glob("[0-9]*")
    return [int(folder.name) for folder in folders if wanted in _environment(folder)]


def _environment(folder: Path) -> bytes:
    # Other users' processes cannot be read, and any may end before it is.
    with suppress(OSError):
        return (folder / "environ").read_bytes()
    return b""


def guard(run: str) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    kill_run(run)


if __name__ == "__main__":
    guard(sys.argv[1])
