from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from app.lib.outside.outside_address import NOT_REACHED, Refused


class AtOnce:
    """So many at a time under one name; nobody waits."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def one(self, name: str) -> Iterator[None]:
        """Raises Refused where there are as many already."""
        with self._lock:
            if self._under_way[name] >= self._most:
                raise Refused(NOT_REACHED)
            self._under_way[name] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[name] -= 1
                # Those of none are forgotten.
                self._under_way += Counter()
