"""What a visitor's panel posts, by its token or by none that holds here."""

import json
from random import Random
from typing import Any

from hostile.fuzz import mutate
from hostile.fuzz.forger import Forged, Forger, Hand
from tests.support.visitors import Visitor, switch_on
from tests.support.world import Business

# What tells spam apart: the field that nobody sees, and what is shown that work was done.
SPAM = {"website": "", "proof": "1.a.b"}
GIVEN: dict[str, dict[str, Any]] = {
    "messages": {
        "body": "Hello",
        "client_token": "one",
        "name": "Ann",
        "email": "a@b.example",
        **SPAM,
    },
    "contact": {"name": "Ann", "email": "ann@x.example", "phone": "+12125550177"},
    "presence": {
        "doing": "typing",
        "page_url": "https://www.salon.example/",
        "page_title": "Prices",
        "delivered": 1,
        "read": 1,
    },
    "session": {"key": "x", "identity": "a.b.c", "page_url": "https://www.salon.example/", **SPAM},
}
BOUNDARY = "fuzz"
_tokens: dict[int, str] = {}


def open_up(owner: Business) -> None:
    """Somebody has written there, so that there is somebody to take for another."""
    switch_on(owner)
    them = Visitor(owner)
    them.write("Hello")
    _tokens[owner.id] = them.token


def rightly(hand: Hand) -> Forged:
    # Whoever has ended the chat is let in no more.
    paths = ("end",) if hand.random.random() < 0.01 else (*GIVEN, "files")
    return _posted(hand, hand.ours, _tokens[hand.ours.id], paths)


def wrongly(hand: Hand) -> Forged:
    """By nobody, by a token of the other business's, or by nonsense; to begin a session needs
    none."""
    at, other = hand.random.sample((hand.ours, hand.theirs), 2)
    token = hand.random.choice(("", _tokens[other.id], "x" * 43, "\x7f", "Bearer"))
    return _posted(hand, at, token, ("messages", "contact", "presence", "files", "end"))


def _posted(hand: Hand, owner: Business, token: str, paths: tuple[str, ...]) -> Forged:
    what = hand.random.choice(paths)
    kind, body = _file(hand.random) if what == "files" else _json(hand.random, GIVEN.get(what, {}))
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {token}"} if token else {})
    return Forged(f"/chat/{owner.slug}/{what}", body, headers)


def _json(random: Random, given: dict[str, Any]) -> tuple[str, bytes]:
    body = json.dumps(mutate.json(random, given | {"body": mutate.text(random, "Hello")}, 0.2))
    return "application/json", mutate.raw(random, body.encode()) if random.random() < 0.2 else (
        body.encode()
    )


def _file(random: Random) -> tuple[str, bytes]:
    picture = mutate.raw(random, b"\x89PNG\r\n\x1a\n" + bytes(16))
    head = 'Content-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    body = f"--{BOUNDARY}\r\n{head}".encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
    return f"multipart/form-data; boundary={BOUNDARY}", mutate.raw(random, body)


VIEWS = (
    *("session.begin", "session.end", "messages.write", "messages.send_file"),
    *("visit.contact", "visit.tell"),
)
FORGER = Forger(frozenset(f"chat_{view}" for view in VIEWS), rightly, wrongly, open_up)
