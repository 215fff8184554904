"""Plays forged requests, half of them signed, and looks at all rows after each hundred."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from flask import Flask

from app.extensions import redis_client
from hostile.fuzz.forger import Forged, Hand
from hostile.fuzz.forgers import FORGERS
from hostile.onlooker import Onlooker
from hostile.world import World

# So many between two looks; what one of them did is found by playing them again one by one.
EACH = 100


@dataclass
class Count:
    requests: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    unsigned_rows: int = 0
    foreign_rows: int = 0
    stored: int = 0
    """How often rows of our own were there after signed ones: they do reach the tables."""
    notes: list[str] = field(default_factory=list)

    @property
    def broken(self) -> int:
        return sum(many for status, many in self.answers.items() if status >= 500)

    @property
    def clean(self) -> bool:
        return not (self.broken or self.unsigned_rows or self.foreign_rows)


def open_up(onlooker: Onlooker, world: World) -> None:
    """What there is from then on is what is looked at."""
    for forger in FORGERS:
        forger.open_up(world.ours)
        forger.open_up(world.theirs)
    onlooker.keep()


def play(
    app: Flask, onlooker: Onlooker, world: World, count: int, seed: int, over: Callable[[int], bool]
) -> Count:
    """Each way in in turn, signed and not in turn; until so many, or until it is over."""
    told = Count()
    turn = 0
    while told.requests < count and not over(told.requests):
        forger = FORGERS[turn // 2 % len(FORGERS)]
        signed = turn % 2 == 0
        hand = Hand(Random(f"{seed} {turn}"), world.ours, world.theirs)  # noqa: S311
        forge = forger.rightly if signed else forger.wrongly
        for _ in range(min(EACH, count - told.requests)):
            _post(app, forge(hand), hand.random, told)
        _look(onlooker, world, signed, f"{forge.__module__} {forge.__name__} {turn}", told)
        turn += 1
    return told


def _post(app: Flask, forged: Forged, random: Random, told: Count) -> None:
    # One who is refused often has to wait: each comes from somewhere else.
    caller = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
    answer = app.test_client().open(
        forged.path,
        method=forged.method,
        data=forged.body,
        headers=forged.headers,
        environ_base={"REMOTE_ADDR": caller},
    )
    told.requests += 1
    told.answers[answer.status_code] += 1
    if answer.status_code >= 500:
        told.notes.append(f"{answer.status_code}: {forged.path.partition('?')[0]}")
    answer.close()


def _look(onlooker: Onlooker, world: World, signed: bool, which: str, told: Count) -> None:
    changed = onlooker.changed()
    owners = Counter(owner for _, owner in changed)
    foreign = sum(many for owner, many in owners.items() if owner not in (world.ours.id, None))
    if signed:
        told.foreign_rows += foreign
        told.stored += owners[world.ours.id]
    else:
        told.unsigned_rows += sum(owners.values())
    if foreign or (owners and not signed):
        told.notes.append(f"{which}: {sorted(map(str, changed))}")
    if changed:
        onlooker.restore()
    redis_client().flushdb()
