"""`python -m hostile.share PLACE SHARES`: plays one part of the table, on a database of its own.

Its last line is JSON with what came out. The environment is the program's; besides, HOSTILE_UNTIL
(seconds since 1970) and HOSTILE_SAMPLE say when it is over, and HOSTILE_SEED in which order it
plays.
"""

import json
import logging
import os
import sys
import time
from typing import Any

import flask_migrate
from flask import Flask

import wsgi
from hostile import real
from hostile.onlooker import Onlooker
from hostile.order import all_probes, first_of_each
from hostile.play import Game, Score
from hostile.stage import Stage, set_up
from tests.support import streams

PROGRESS_SECONDS = 20.0
# Of the time that all may take, so much is left for what is asked of gunicorn.
REAL_SECONDS = 60.0
REAL_PROBES = 1500
# So long it plays at least, however long it took to build the world.
LEAST_SECONDS = 10.0


def main(place: int, shares: int) -> int:
    app = wsgi.build(os.environ)
    with app.app_context(), streams.serving(os.environ):
        logging.disable(logging.ERROR)
        flask_migrate.upgrade()
        quickly(app)
        onlooker = Onlooker()
        stage = set_up(app, onlooker)
        probes = all_probes(stage.decks.values(), int(os.environ["HOSTILE_SEED"]))
        kinds = first_of_each(probes)
        mine = probes[: _sample(probes)][place::shares]
        until = float(os.environ["HOSTILE_UNTIL"])
        clock = Clock(place, len(mine), until - REAL_SECONDS)
        game = Game(stage.people, onlooker)
        done = game.play(mine, clock.over)
        if place == 0:
            few = min(REAL_PROBES, len(mine))
            _play_real(stage, mine[:few], game.score, until)
        told = {"complete": done == len(mine), "all": len(probes), "kinds": kinds}
        print(json.dumps(told | game.score.told()), flush=True)
        onlooker.close()
    return 0


def quickly(app: Flask) -> None:
    """Sign-ins in a millisecond: what a password costs is no matter here."""
    security = app.extensions["security"]
    security.pwd_context = security.pwd_context.copy(argon2__memory_cost=32, argon2__rounds=1)


def _sample(probes: list[Any]) -> int:
    """SAMPLE is a part of all (0.1), or a number of them."""
    asked = float(os.environ.get("HOSTILE_SAMPLE") or 1)
    return int(len(probes) * asked) if asked <= 1 else int(asked)


def _play_real(stage: Stage, probes: list[Any], score: Score, until: float) -> None:
    until = max(until, time.time() + LEAST_SECONDS)
    with real.served(stage.people) as people:
        game = Game(people, stage.onlooker)
        game.play(probes, lambda done: time.time() > until)
    score.real = game.score.probes
    score.add(game.score)


class Clock:
    """Says how far it is, and when the time is over."""

    def __init__(self, place: int, count: int, until: float) -> None:
        self._place, self._count, self._next = place, count, time.time()
        self._until = max(until, self._next + LEAST_SECONDS)

    def over(self, done: int) -> bool:
        moment = time.time()
        if moment >= self._next:
            print(f"share {self._place + 1}: {done:,} of {self._count:,}", flush=True)
            self._next = moment + PROGRESS_SECONDS
        return moment > self._until


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
