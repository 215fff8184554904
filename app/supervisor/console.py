"""What the person at the terminal sees."""

import os
import sys
import threading
from contextlib import suppress
from typing import IO

DIM, NORMAL = "\033[2m", "\033[0m"
WIDTH = 10


class Console:
    """Lines of the parts, each with its part's name, and our own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def say(self, text: str) -> None:
        self.line("kaivox", text)

    def line(self, name: str, text: str) -> None:
        self.write(f"{self._dim(f'{name:>{WIDTH}} │')} {text}\n")

    def write(self, text: str) -> None:
        # A terminal that was closed must not keep us from stopping the parts in order.
        with self._lock, suppress(OSError, ValueError):
            sys.stdout.write(text)
            sys.stdout.flush()

    def follow(self, name: str, stream: IO[bytes]) -> None:
        """Write what the stream says, in the background, until it ends."""
        threading.Thread(target=self._copy, args=(name, stream), daemon=True).start()

    def _copy(self, name: str, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self.line(name, line.decode(errors="replace").rstrip())

    def _dim(self, text: str) -> str:
        return f"{DIM}{text}{NORMAL}" if self._colours else text
