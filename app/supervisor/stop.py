"""Being asked to stop."""

import signal
import time
from types import FrameType

ECHO = 0.3


class StopAsked(Exception):
    """Somebody pressed Ctrl-C, or sent SIGTERM or SIGHUP."""


class StopRequests:
    """Notes the requests: a second one means hurry."""

    def __init__(self) -> None:
        self.asked = False
        self.hurry = False
        self._first = 0.0

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup asks us so to outlive the terminal.
            if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        # One SIGTERM to our process group comes twice: make passes its own on.
        self.hurry = self.asked and time.monotonic() - self._first > ECHO
        self._first = self._first or time.monotonic()
        self.asked = True
