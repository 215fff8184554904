"""A dataloader: questions to the database that many rows raise, answered once for all of them.

Who asks one by one (`memoized`) need not know of it; who reads many rows opens `memo_scope` and
tells the answers first (`prime`). Outside of it nothing is remembered: each is asked anew.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)


@contextmanager
def memo_scope() -> Iterator[None]:
    """Within it an answer holds: only for reading, within one transaction of one tenant."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def memoized(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer, asked for unless it is known."""
    known = _known.get()
    if known is None:
        return ask()
    if question not in known:
        known[question] = ask()
    found: Answer = known[question]
    return found


def prime(question: Hashable, told: Any) -> None:
    """From now on this is the answer, within `memo_scope`."""
    known = _known.get()
    if known is not None:
        known[question] = told
