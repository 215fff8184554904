"""When what is killed, flushed and stopped: a plan from the seed, kept to the instant."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random

from psycopg.sql import SQL, Identifier

from faults import weather
from faults.dose import Dose
from faults.rolling import Rolling
from faults.stage import Hangs, OneMachine, until

WEATHER_SECONDS = 6
# PostgreSQL stays away so long, at most.
LONGEST_STOP = 1.5


@dataclass(frozen=True)
class Blow:
    """What falls, and when, in seconds after the start."""

    at: float
    kind: str
    target: str = ""


def plan(dose: Dose) -> list[Blow]:
    dice = Random(dose.seed)  # noqa: S311
    seconds = dose.traffic_seconds

    def moments(amount: int) -> list[float]:
        return [dice.uniform(0.02, 0.98) * seconds for _ in range(amount)]

    blows = [Blow(at, "kill", dice.choice(dose.targets)) for at in moments(dose.kills)]
    blows += [
        Blow(at, dice.choice(["flush", "empty"]) if number else "empty")
        for number, at in enumerate(moments(dose.flushes))
    ]
    blows += [Blow(seconds * number / dose.restarts, "restart") for number in range(dose.restarts)]
    blows += [Blow(at, "database") for at in moments(dose.database_stops)]
    if dose.weather is None:
        every = min(WEATHER_SECONDS, seconds / 6)
        blows += [Blow(number * every, "weather") for number in range(int(seconds / every))]
    return sorted(blows, key=lambda blow: blow.at)


class Trouble:
    """Deals the blows. All from the main thread, with which the servers would end."""

    def __init__(self, stage: OneMachine, dose: Dose, say: Callable[[str], None]) -> None:
        self.counts: Counter[str] = Counter()
        self.rolling = Rolling(stage)
        self._stage, self._say = stage, say
        self._dice = Random(dose.seed + 1)  # noqa: S311
        self._dose = dose

    def deal(self, until: float) -> None:
        """All blows of the plan; what is left at the given time is left out."""
        begin, blows = time.monotonic(), plan(self._dose)
        for number, blow in enumerate(blows):
            if time.monotonic() > until:
                self._say(f"time is over: {len(blows) - number} blows are left out")
                return
            time.sleep(max(0.0, begin + blow.at - time.monotonic()))
            self._strike(blow)

    def _strike(self, blow: Blow) -> None:
        strikes: dict[str, Callable[[], None]] = {
            "kill": partial(self._kill, blow.target),
            "restart": self.rolling.restart,
            "flush": self._stage.flush_redis,
            "empty": self._stage.restart_redis_empty,
            "database": self._stop_database,
            "weather": self._change_weather,
        }
        strikes[blow.kind]()
        self.counts[blow.kind] += 1
        if blow.kind == "kill" and self.counts["kill"] % 100 == 0:
            self._say(f"{self.counts['kill']} kills")
        if blow.kind in ("empty", "database"):
            self._say(
                {"empty": "Valkey came back empty", "database": "PostgreSQL came back"}[blow.kind]
            )

    def _kill(self, target: str) -> None:
        if target == "worker that sends":
            with suppress(Hangs):
                until(partial(self._sending, "message"), 3, "nothing is being sent", 0.01)
                # The carrier has the call by now, and has not answered yet.
                time.sleep(0.9)
            self._stage.tell("kill", name="worker")
        elif target == "slow-worker that tells":
            with suppress(Hangs):
                until(partial(self._sending, "webhook_delivery"), 3, "nobody is told", 0.01)
            self._stage.tell("kill", name="slow-worker")
        elif target != "web's worker":
            self._stage.tell("kill", name=target)
        elif not self._stage.tell("kill_child", name="web")["killed"]:
            # It has none at this moment: the whole web, then.
            self._stage.tell("kill", name="web")

    def _sending(self, table: str) -> bool:
        query = SQL("SELECT EXISTS (SELECT FROM {} WHERE status = 'sending')")
        return bool(self._stage.sql(query.format(Identifier(table)))[0][0])

    def _stop_database(self) -> None:
        self._stage.stop_database()
        time.sleep(self._dice.uniform(0.05, LONGEST_STOP))
        self._stage.start_database()

    def _change_weather(self) -> None:
        self._stage.control("PUT", "faults", **weather.tomorrow(self._dice))
