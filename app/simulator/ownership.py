"""One simulator to a directory: two would write over each other's journal."""

import fcntl
import time
from pathlib import Path
from typing import IO

PATIENCE = 10.0


def only_one(directory: Path, patience: float = PATIENCE) -> IO[str]:
    """Holds the directory until the answer is closed or this process ends. One that is just
    stopping is waited for; one that stays ends this start with a word on what to do."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (directory / "lock").open("w")
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                lock.close()
                raise SystemExit(
                    f"Another simulator uses {directory}: stop it, or set SIMULATOR_DIR."
                ) from None
            time.sleep(0.05)
        else:
            return lock
