"""What others see of a process: its command line and its environment, in ps and in /proc.

Linux reads both where the process was given them when it began, in its own memory (proc(5): the
fields arg_start to env_end of /proc/PID/stat). A fork has those of the process that it came from,
until it writes over them.
"""

import ctypes
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.supervisor.stragglers import MARK


def wear(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Show the command, as much of it as there is room for, and the environment's mark."""
    command_begin, command_end, begin, end = _where()
    _write(command_begin, command_end - 1, "\0".join(command))
    held = ctypes.string_at(begin, end - begin)
    at = held.index(f"{MARK}=".encode())
    _write(begin + at, begin + held.index(b"\0", at), f"{MARK}={environment[MARK]}")


def _where() -> list[int]:
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    # The first of them is the third of the file.
    return [int(field) for field in fields[48 - 3 : 52 - 3]]


def _write(begin: int, end: int, text: str) -> None:
    room = end - begin
    ctypes.memmove(begin, text.encode()[:room].ljust(room, b"\0"), room)
