"""Servers of our own, the program on them, the two businesses, and everybody signed in."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app.extensions import redis_client
from app.servers import Urls, embedded
from app.servers.kept import free_port
from hostile import listening
from hostile.deck import Deck
from hostile.onlooker import Onlooker
from hostile.pages import Found, walk
from hostile.people import Person, everybody
from hostile.probe import Probe
from hostile.routes import probes as routes
from hostile.table import of_the_platform
from hostile.values import Values
from hostile.words import Words
from hostile.world import World, build
from tests.support.world import ACCOUNT


def environ(urls: Urls, folder: str) -> dict[str, str]:
    return {
        "DATABASE_URL": urls.database,
        "REDIS_URL": urls.redis,
        "SECRET_KEY": "a-secret-of-the-hostile-and-of-nobody-else",
        "VAR_DIR": folder,
        "LIVE_PORT": str(free_port()),
        "PUBLIC_URL": "http://localhost",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "SMTP_URL": "smtp://nobody:nobody@127.0.0.1:9",
        "EMAIL_FROM": "messages@kaivox.example",
    }


@contextmanager
def servers() -> Iterator[tuple[Urls, str]]:
    """New and empty ones, gone after the block."""
    with tempfile.TemporaryDirectory(
        prefix="kaivox-hostile-", ignore_cleanup_errors=True
    ) as folder:
        # PostgreSQL runs as another user when we are root.
        Path(folder).chmod(0o711)
        with embedded(Path(folder), durable=False) as urls:
            yield urls, folder


@dataclass
class Stage:
    app: Flask
    onlooker: Onlooker
    world: World
    people: dict[str, Person]
    decks: dict[str, Deck]


def set_up(app: Flask, onlooker: Onlooker) -> Stage:
    """Within the app's context, on an empty database. Raises Empty or Unfillable."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    listening.listen(app)
    world = build(onlooker.connection)
    words = {each.id: Words(each, onlooker.connection) for each in (world.ours, world.theirs)}
    people = everybody(world, words)
    onlooker.keep()
    values = Values(app, onlooker)
    offered = {
        world.ours.id: [*walk(app, people["tenant_admin"]), *walk(app, people["operator inside"])],
        world.theirs.id: walk(app, people["stranger"]),
    }
    decks = {role: _deck(app, person, values, offered, people) for role, person in people.items()}
    for role in ("tenant_admin", "operator inside"):
        _hear(decks[role], onlooker)
    return Stage(app, onlooker, world, people, decks)


def _deck(
    app: Flask,
    person: Person,
    values: Values,
    offered: dict[int, list[Found]],
    people: dict[str, Person],
) -> Deck:
    other = people["stranger" if person.role != "stranger" else "tenant_admin"]
    own, foreign = offered[person.own.id], offered[person.foreign.id]
    return Deck(app, person, values, own, foreign, other.token)


def _hear(deck: Deck, onlooker: Onlooker) -> None:
    """Ask for everything once, so that each view says what it reads."""
    asked = set()
    for probe in routes(deck):
        as_what = probe.endpoint, probe.method, probe.json is None, probe.headers
        theirs = of_the_platform(probe.endpoint) == deck.person.operator
        if theirs and not probe.strict and as_what not in asked:
            asked.add(as_what)
            _once(deck.person, probe, onlooker)


def _once(person: Person, probe: Probe, onlooker: Onlooker) -> None:
    redis_client().flushdb()
    answer = person.send(probe)
    if "application/json" in dict(answer.headers).get("Content-Type", "") and answer.status < 300:
        listening.tells_json.add(probe.endpoint)
    if onlooker.changed():
        onlooker.restore()
