"""`python -m hostile.fuzz`: COUNT requests (100,000) on all ways in, SEED (1), SECONDS at most
(580). Human lines, and one of JSON at the end: answers of 5xx, rows after unsigned requests, and
rows of another business after signed ones; exit 1 where there is any.
"""

import json
import logging
import os
import sys
import time

import flask_migrate

import wsgi
from hostile.fuzz.play import Count, open_up, play
from hostile.onlooker import Onlooker
from hostile.share import Clock, quickly
from hostile.stage import environ, servers
from hostile.world import build

COUNT, SECONDS = 100_000, 580


def main() -> int:
    count = int(os.environ.get("COUNT") or COUNT)
    seed = int(os.environ.get("SEED") or 1)
    clock = Clock(0, count, time.time() + float(os.environ.get("SECONDS") or SECONDS))
    with servers() as (urls, folder):
        told = _played(environ(urls, folder), count, seed, clock)
    for note in told.notes[:50]:
        print(note)
    print(json.dumps(_json(told, count, seed)))
    return 0 if told.clean and told.stored else 1


def _played(env: dict[str, str], count: int, seed: int, clock: Clock) -> Count:
    os.environ.update(env)
    app = wsgi.build(os.environ)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        logging.disable(logging.ERROR)
        flask_migrate.upgrade()
        quickly(app)
        onlooker = Onlooker()
        world = build(onlooker.connection)
        open_up(onlooker, world)
        told = play(app, onlooker, world, count, seed, clock.over)
        onlooker.close()
    return told


def _json(told: Count, count: int, seed: int) -> dict[str, object]:
    return {
        "requests": told.requests,
        "answers": {str(status): many for status, many in sorted(told.answers.items())},
        "5xx": told.broken,
        "unsigned_rows": told.unsigned_rows,
        "foreign_rows": told.foreign_rows,
        "tables_stored_in": told.stored,
        "seed": seed,
        "complete": told.requests == count,
    }


if __name__ == "__main__":
    sys.exit(main())
