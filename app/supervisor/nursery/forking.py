"""The supervisor's side of its nursery."""

import socket
import sys
from collections.abc import Mapping, Sequence
from select import select

from app.supervisor.nursery.adopted import Adopted
from app.supervisor.nursery.order import READY, Order, answered

ANSWER_WITHIN = 10.0
# Forks write their own command over that of the nursery.
ROOM = 300


class Nursery:
    """Makes processes out of one that has imported the program (see __main__). On Linux only."""

    def __init__(self) -> None:
        self._ours: socket.socket | None = None
        self._ready = False

    def command(self, names: Sequence[str]) -> tuple[str, ...]:
        return (sys.executable, "-m", "app.supervisor.nursery", " ".join(names).ljust(ROOM))

    def input(self) -> int:
        """The standard input of one that is about to start; whoever takes it closes it."""
        self._forget()
        self._ours, theirs = socket.socketpair()
        self._ours.settimeout(ANSWER_WITHIN)
        return theirs.detach()

    def answers(self) -> bool:
        """Whether it has imported all, and takes orders."""
        if self._ours and not self._ready and select([self._ours], [], [], 0)[0]:
            self._ready = self._ours.recv(len(READY)) == READY
        return self._ready

    def leaving(self) -> bool:
        """Whether it did not answer, and has to make way for another."""
        return self._ours is None

    def fork(
        self, command: Sequence[str], environment: Mapping[str, str], output: int, errors: int
    ) -> Adopted:
        """A process that does the command, `python -m …`. Raises OSError."""
        if not self._ours or not self.answers():
            raise OSError("the nursery is not ready")
        try:
            Order(command, environment, output, errors).send(self._ours)
            return Adopted(answered(self._ours))
        except OSError:
            # One that answers late would be taken for another.
            self._forget()
            raise

    def _forget(self) -> None:
        """With its socket closed it ends."""
        if self._ours:
            self._ours.close()
        self._ours, self._ready = None, False
