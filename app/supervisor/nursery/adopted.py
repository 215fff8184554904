"""Processes that become ours by adoption: what was forked for us, and whoever is left behind."""

import ctypes
import os
import signal
import sys
from collections.abc import Set
from contextlib import suppress
from typing import Protocol

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


class Process(Protocol):
    """Of subprocess.Popen what the supervisor needs."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int:
        """Once poll() or wait() has said that it ended."""

    def poll(self) -> int | None: ...
    def send_signal(self, number: int, /) -> None: ...
    def kill(self) -> None: ...
    def wait(self) -> int: ...


class Adopted:
    """A process that became ours by adoption."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode = 0
        self._ended = False

    def poll(self) -> int | None:
        return self._look(os.WNOHANG)

    def wait(self) -> int:
        self._look(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _look(self, how: int) -> int | None:
        if not self._ended:
            pid, status = os.waitpid(self.pid, how)
            self._ended = pid == self.pid
            self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode if self._ended else None


def adopt() -> None:
    """Become the parent of whoever loses theirs and came from us, however far removed. On Linux
    only: elsewhere nobody comes to us."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def bury(known: Set[int]) -> None:
    """Take leave of those that we adopted, and do not know, when they end."""
    while (ended := _ended()) and ended not in known:
        os.waitpid(ended, 0)


def _ended() -> int | None:
    if sys.platform != "linux":
        return None
    with suppress(ChildProcessError):
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT | os.WNOHANG)
        return found.si_pid if found else None
    return None
