"""Being asked to stop."""

import os
import select
import signal
import time
from types import FrameType

ECHO = 0.3


class StopAsked(Exception):
    """Somebody pressed Ctrl-C, or sent SIGTERM or SIGHUP."""


class StopRequests:
    """Notes the requests: a second one means hurry."""

    def __init__(self) -> None:
        self.hurry = False
        self._first = 0.0
        self._terminal = select.poll()

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup asks us so to outlive the terminal.
            if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue
            signal.signal(number, self._note)
        # A terminal that is closed tells the first process in it; when that is make, it keeps
        # the news for itself.
        if os.getsid(0) == os.getppid() and os.isatty(0):
            self._terminal.register(0, 0)

    @property
    def asked(self) -> bool:
        """Whether somebody did, be it by closing the terminal."""
        return self._first > 0 or bool(self._terminal.poll(0))

    def _note(self, number: int, frame: FrameType | None) -> None:
        # One SIGTERM to our process group comes twice: make passes its own on.
        self.hurry = 0 < self._first < time.monotonic() - ECHO
        self._first = self._first or time.monotonic()
