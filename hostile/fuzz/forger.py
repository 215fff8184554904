"""Who forges the requests of one way in, and what a request is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.support.world import Business


@dataclass(frozen=True)
class Forged:
    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True)
class Hand:
    """By whose hand: it may sign for our business, and knows the other one's names and ids."""

    random: Random
    ours: Business
    theirs: Business


def _nothing(owner: Business) -> None:
    pass


@dataclass(frozen=True)
class Forger:
    """A new way in is a file in forgers/ with a FORGER of its own."""

    endpoints: frozenset[str]
    """All that it posts to."""
    rightly: Callable[[Hand], Forged]
    """Signed as it must be for our business."""
    wrongly: Callable[[Hand], Forged]
    """For either, not signed, or by somebody who must not."""
    open_up: Callable[[Business], None] = _nothing
    """Lets the business be reached there, committed; before anything is forged."""
