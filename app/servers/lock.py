"""One run at a time on a data folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.servers.server_errors import ServerError, told_plainly


@contextmanager
def held(var_dir: Path, within: float = 0.0) -> Iterator[None]:
    """Hold the folder's lock; raises ServerError when another process has it for longer.

    The kernel frees it when the holder dies. What the holder starts does not inherit it.
    """
    with told_plainly():
        var_dir.mkdir(parents=True, exist_ok=True)
        file = open(var_dir / "run.lock", "a+", opener=_ours_alone)  # noqa: SIM115
    with file:
        _take(file, var_dir, time.monotonic() + within)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _ours_alone(path: str, flags: int) -> int:
    # Whoever can read a file can lock it.
    return os.open(path, flags, 0o600)


def _take(file: IO[str], var_dir: Path, deadline: float) -> None:
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise ServerError(_in_use(file, var_dir)) from None
        time.sleep(0.05)


def _in_use(file: IO[str], var_dir: Path) -> str:
    file.seek(0)
    return f"KaiVox already runs on {var_dir} (process {file.read().strip() or 'unknown'})"
