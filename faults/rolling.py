"""Rolling restarts, as a deploy does them: each part is asked to end by SIGTERM, and goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

from redis import Redis

from faults.stage import PARTS, Stage, until

# Who asked a process to end waits for so long.
PATIENCE_SECONDS = 30.0


@dataclass
class Rolling:
    stage: Stage
    restarts: int = 0
    """Of the whole: every part was renewed."""
    ends: int = 0
    unclean: int = 0
    """Processes that did not end by themselves, with 0 and in time."""
    longest: float = 0.0
    _ways: Iterator[Callable[[str], None]] = field(init=False)

    def __post_init__(self) -> None:
        self._ways = cycle([self._new_first, self._old_first])

    def restart(self) -> None:
        """Renew every part, one after the other: every other time the new one starts first."""
        way = next(self._ways)
        for name in PARTS:
            # Two webs cannot listen on one port.
            (self._old_first if name == "web" else way)(name)
        self.restarts += 1

    def _new_first(self, name: str) -> None:
        working = self._workers()
        old = self.stage.tell("renew", name=name)["old"]
        if "worker" in name:
            until(lambda: self._workers() > working, 10, f"the new {name} does not start")
        self._note(self.stage.tell("retire", pid=old, patience=PATIENCE_SECONDS))

    def _old_first(self, name: str) -> None:
        self._note(self.stage.tell("restart", name=name, patience=PATIENCE_SECONDS))
        if name == "web":
            until(self.stage.ready, 20, "the web does not start again")

    def _note(self, end: dict[str, float]) -> None:
        self.ends += 1
        self.unclean += end["code"] != 0
        self.longest = max(self.longest, end["seconds"])

    def _workers(self) -> int:
        with Redis.from_url(self.stage.environ["REDIS_URL"]) as client:
            return int(client.scard("rq:workers"))  # type: ignore[arg-type]
