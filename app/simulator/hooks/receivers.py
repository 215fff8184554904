"""The receivers of webhooks, by name, and what came to each."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

MOST, KEPT = 50, 5000
# What a receiver answers: its status, its headers, and after how many seconds.
MANNERS: dict[str, tuple[int, dict[str, str], float]] = {
    "ok": (200, {}, 0),
    "unhurried": (200, {}, 0.3),
    "error": (500, {}, 0),
    "busy": (429, {"Retry-After": "60"}, 0),
    "gone": (410, {}, 0),
    "slow": (200, {}, 20),
}


@dataclass(slots=True)
class Told:
    """One request."""

    at: float
    id: str
    type: str
    body: str
    wrong: str
    """Why it is not to be believed; empty: its signature is right."""
    answered: int


@dataclass(slots=True)
class Receiver:
    name: str
    secret: str = ""
    manner: str = "ok"
    told: deque[Told] = field(default_factory=lambda: deque(maxlen=KEPT))

    def times(self) -> Counter[str]:
        """How often it was told of each."""
        return Counter(each.id for each in self.told)


class Receivers:
    """As many as there is room for; the eldest make way."""

    def __init__(self) -> None:
        self._by_name: dict[str, Receiver] = {}

    def all(self) -> list[Receiver]:
        return list(self._by_name.values())

    def find(self, name: str) -> Receiver | None:
        return self._by_name.get(name)

    def put(self, name: str, **fields: str) -> None:
        receiver = self._by_name.setdefault(name, Receiver(name))
        for key, value in fields.items():
            setattr(receiver, key, value)
        if len(self._by_name) > MOST:
            del self._by_name[next(iter(self._by_name))]

    def tell(self, name: str, **told: Any) -> None:
        self.put(name)
        self._by_name[name].told.append(Told(**told))

    def lines(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What makes them again: (change, its data)."""
        for each in self._by_name.values():
            yield "receiver", {"name": each.name, "secret": each.secret, "manner": each.manner}
            for told in each.told:
                yield "told", {"name": each.name, **asdict(told)}
