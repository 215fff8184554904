"""The disk of VAR_DIR is nearly full: what is free on it is held, but for a gigabyte.

The file that holds it has no name, so that the room is there again when the simulator ends,
however it ends; nothing is written into it (posix_fallocate). Nowhere but on Linux, and not where
the disk is memory.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from app.simulator.breakages.breakage import Breakage

GB = 1024**3
LEFT = GB
MOUNTS = Path("/proc/mounts")
IN_MEMORY = {"tmpfs", "ramfs"}
OF_DISK = {
    "full_disk": Breakage(
        "Disk is nearly full",
        "of your machine's disk a gigabyte is left to all programs, until you put it right or"
        " the simulator ends",
        {},
        ("disk",),
    )
}
_held: list[IO[bytes]] = []


def known() -> bool:
    """Whether there is such a disk here."""
    return MOUNTS.exists() and _var().is_dir() and _kind() not in IN_MEMORY


def full() -> bool:
    return bool(_held)


def fill(on: bool) -> None:
    """Does nothing where no more than a gigabyte is free. Raises OSError."""
    while not on and _held:
        _held.pop().close()
    room = shutil.disk_usage(_var()).free - LEFT
    if on and not _held and room > 0:
        _held.append(_holding(room))


def _holding(room: int) -> IO[bytes]:
    with ExitStack() as unless_held:
        file = unless_held.enter_context(tempfile.TemporaryFile(dir=_var()))
        os.posix_fallocate(file.fileno(), 0, room)
        unless_held.pop_all()
        return file


def _kind() -> str:
    """The kind of the file system that VAR_DIR is on (proc(5)); the last of its mounts holds."""
    folders = [str(each) for each in (_var(), *_var().parents)]
    known = dict(line.split()[1:3] for line in MOUNTS.read_text().splitlines())
    return next((known[each] for each in folders if each in known), "")


def _var() -> Path:
    return Path(os.environ.get("VAR_DIR") or "var").resolve()
