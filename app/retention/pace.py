"""How many rows are changed at once, so that nobody waits for them for long, on whatever disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

# Less than 100 ms: a batch that has held its locks for PATIENCE begins no other statement, and
# PostgreSQL itself takes back one that takes longer, or whose program does not go on; from 17 on
# whatever has lasted for TRANSACTION_TIMEOUT.
GOAL_SECONDS, PATIENCE_SECONDS = 0.04, 0.05
LOCK_TIMEOUT, STATEMENT_TIMEOUT, IDLE_TIMEOUT = "20ms", "60ms", "60ms"
TRANSACTION_TIMEOUT = "90ms"


class TooLong(Exception):
    """A batch has held its locks for long enough."""


class Pace:
    """The size of the next batch, by how long the last took."""

    def __init__(self, first: int = 100, fewest: int = 10, most: int = 500) -> None:
        self.at_once, self._fewest, self._most = first, fewest, most
        self._begun = 0.0
        self.longest = 0.0
        """Seconds that a batch held rows, at most, by PostgreSQL's clock."""

    @contextmanager
    def timed(self) -> Iterator[None]:
        """A batch, with the end of its transaction."""
        self._begun = perf_counter()
        try:
            yield
        finally:
            seconds = perf_counter() - self._begun
            if seconds > GOAL_SECONDS:
                self.at_once = max(self.at_once // 2, self._fewest)
            elif seconds < GOAL_SECONDS / 2:
                self.at_once = min(self.at_once * 2, self._most)

    def check(self) -> None:
        """Between two statements of a batch. Raises TooLong."""
        if perf_counter() - self._begun > PATIENCE_SECONDS:
            raise TooLong

    def held(self, seconds: float) -> None:
        self.longest = max(self.longest, seconds)
