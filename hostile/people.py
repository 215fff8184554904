"""Who asks: every role, from nobody to the stranger, each with a browser."""

import copy
import gzip
import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

from flask import current_app
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature
from twilio.request_validator import RequestValidator
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from hostile.probe import Answer, Probe
from hostile.samples import CSV, FILE
from hostile.words import Words
from hostile.world import World
from tests.support import world as people
from tests.support.browser import Browser
from tests.support.world import Business

ROLES = (
    *("anonymous", "staff", "tenant_admin", "operator outside", "operator inside"),
    # Signed in to the other business: for them we are the stranger.
    "stranger",
)
BASE = "http://localhost"
ZIP = b"PK\x03\x04"


@dataclass
class Person:
    role: str
    home: Business | None
    """Whose rows they may see; None: nobody's."""
    own: Business
    """Whose ids they take for their own."""
    foreign: Business
    words: Words
    """The foreign business's."""
    hidden: list[Words]
    """What no answer may tell them."""
    browser: Browser
    token: str = ""
    cookies: dict[Any, Any] = field(default_factory=dict)

    @property
    def operator(self) -> bool:
        return self.role.startswith("operator")

    def send(self, probe: Probe) -> Answer:
        """Ask as if it were the first request after signing in."""
        client, options = self.browser.client, _options(probe)
        client._cookies = dict(self.cookies)
        options["headers"] = {"X-CSRFToken": self.token, **options["headers"]}
        return told(client.open(probe.path, method=probe.method, **options))


def _options(probe: Probe) -> dict[str, Any]:
    options: dict[str, Any] = {"headers": dict(probe.headers)}
    options["query_string"] = query_string(probe)
    if probe.json is not None:
        options |= {"data": probe.json, "content_type": "application/json"}
    elif probe.form is not None:
        options["data"] = _lists(probe)
    if probe.signed:
        url = f"{BASE}{probe.path}" + (f"?{query_string(probe)}" if probe.query else "")
        signature = RequestValidator(probe.signed).compute_signature(url, dict(probe.form or ()))
        options["headers"] |= {"X-Twilio-Signature": signature}
    return options


def query_string(probe: Probe) -> str:
    return urlencode(probe.query)


def _lists(probe: Probe) -> dict[str, list[Any]]:
    fields: dict[str, list[Any]] = {}
    for name, value in probe.form or ():
        sent = (BytesIO(CSV), "new.csv") if value == FILE else value
        fields.setdefault(name, []).append(sent)
    return fields


def told(answer: TestResponse) -> Answer:
    if answer.mimetype == "text/event-stream":
        # It never ends: its first event says that there is something to look at.
        body = bytes(next(iter(answer.response)))
    else:
        body = answer.get_data()
    answer.close()
    return decoded(answer.status_code, list(answer.headers), body)


def _unpacked(body: bytes) -> bytes:
    """What its files are called, and say."""
    with ZipFile(BytesIO(body)) as packed:
        return b"\n".join(
            part for name in packed.namelist() for part in (name.encode(), packed.read(name))
        )


def decoded(status: int, headers: list[tuple[str, str]], body: bytes) -> Answer:
    """The answer as it reads, with what its cookies let the next page say."""
    if dict(headers).get("Content-Encoding") == "gzip" and body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    if body.startswith(ZIP):
        body = _unpacked(body)
    cookies = [value for name, value in headers if name == "Set-Cookie"]
    flashes = [("Flashes", json.dumps(_flashes(cookie))) for cookie in cookies]
    text = body.decode("utf-8", "replace") if _readable(body) else body.decode("latin-1")
    return Answer(status, tuple(headers + flashes), text)


def _readable(body: bytes) -> bool:
    return b"\0" not in body[:100]


def _flashes(cookie: str) -> Any:
    """What a cookie of ours lets the next page say."""
    signer = SecureCookieSessionInterface().get_signing_serializer(current_app)
    value = parse_cookie(cookie.partition(";")[0]).get("session", "")
    try:
        return signer.loads(value).get("_flashes") if signer else None
    except BadSignature:
        return None


def everybody(world: World, words: dict[int, Words]) -> dict[str, Person]:
    """All roles, signed in."""
    return {role: person(role, world, words) for role in ROLES}


def person(role: str, world: World, words: dict[int, Words]) -> Person:
    ours, theirs = world.ours, world.theirs
    match role:
        case "anonymous":
            home, browser = None, Browser()
        case "staff":
            home, browser = ours, Browser(ours.staff)
        case "tenant_admin":
            home, browser = ours, Browser(ours.admin)
        case "stranger":
            home, browser = theirs, Browser(theirs.admin)
        case _:
            home, browser = None, Browser(people.operator())
    if role == "operator inside":
        home = ours
        assert browser.post(f"/admin/tenants/enter/{ours.id}").status_code == 302  # noqa: S101
    own, foreign = (theirs, ours) if home is theirs else (ours, theirs)
    hidden = [words[each.id] for each in (ours, theirs) if each is not home]
    made = Person(role, home, own, foreign, words[foreign.id], hidden, browser)
    made.token, made.cookies = browser.token, copy.copy(browser.client._cookies)
    return made
