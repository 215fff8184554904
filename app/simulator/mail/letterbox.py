"""What was written to businesses that take no emails by a webhook: it waits to be fetched."""

from collections import deque
from dataclasses import dataclass

KEPT = 1000


@dataclass(frozen=True, slots=True)
class Letter:
    came: int
    """In nanoseconds since 1970: no two came at once."""
    address: str
    content: str
    """In base64."""
    at: float | None = None
    """When it says that it came, in seconds since 1970; None: when it came."""


class Letterboxes:
    """The newest; those before them are gone."""

    def __init__(self) -> None:
        self.letters: deque[Letter] = deque(maxlen=KEPT)
        self.read: set[str] = set()
        """The addresses whose letters somebody has come to fetch."""

    def put(self, letter: Letter) -> None:
        self.letters.append(letter)

    def after(self, came: int, address: str) -> list[Letter]:
        """Those to the address that came later, oldest first."""
        return [each for each in self.letters if each.came > came and each.address == address]
