"""Signed posts to the product, sent and repeated as Twilio does it."""

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urldefrag

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 15.0
_local = threading.local()


@dataclass(frozen=True, slots=True)
class Post:
    """The token names the event: a repeated post carries the same one."""

    url: str
    form: Mapping[str, str]
    auth_token: str
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    method: str = "POST"
    signed_elsewhere: bool = False
    """Signed for http in place of https, or the other way round: Twilio was told so."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem` is empty when the product answered 2xx; `code` is Twilio's name for it."""

    problem: str = ""
    code: int | None = None
    kind: str = ""
    content_type: str = ""
    body: str = ""

    @property
    def ok(self) -> bool:
        return not self.problem


@dataclass(frozen=True, slots=True)
class Retries:
    """By default one more attempt, and only where no connection came about; a fragment of the
    URL such as #rc=3&rp=ct,rt,5xx says otherwise.
    https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides"""

    count: int = 1
    on: tuple[str, ...] = ("ct",)

    @classmethod
    def read(cls, fragment: str) -> "Retries":
        given = parse_qs(fragment)
        count = given.get("rc", ["1"])[-1]
        on = tuple(given.get("rp", ["ct"])[-1].split(","))
        return cls(min(int(count), 5) if count.isdecimal() else 1, on)

    def cover(self, kind: str) -> bool:
        return kind in self.on or "all" in self.on


def send(post: Post) -> Outcome:
    """Post, again where the retry rules say so, and tell what came of it."""
    url, fragment = urldefrag(post.url)
    retries = Retries.read(fragment)
    outcome = _attempt(url, post)
    for _ in range(retries.count):
        if outcome.ok or not retries.cover(outcome.kind):
            break
        outcome = _attempt(url, post)
    return outcome


def signature(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    """https://www.twilio.com/docs/usage/security#validating-requests"""
    signed = url + "".join(name + form[name] for name in sorted(form))
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _attempt(url: str, post: Post) -> Outcome:
    try:
        prepared = requests.Request(post.method, url, data=dict(post.form)).prepare()
        prepared.headers.update(
            {
                "User-Agent": "TwilioProxy/1.1",
                "Accept": "*/*",
                "I-Twilio-Idempotency-Token": post.token,
                "X-Twilio-Signature": signature(
                    post.auth_token, _signed_address(post, prepared.url or url), post.form
                ),
            }
        )
        answer = _session().send(
            prepared, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT), allow_redirects=False
        )
    except requests.RequestException as error:
        return _unreached(error)
    return _answered(answer)


def _signed_address(post: Post, url: str) -> str:
    """The address as it goes out, which is what the product reads."""
    if not post.signed_elsewhere:
        return url
    scheme, rest = url.split("://", 1)
    return f"{'http' if scheme == 'https' else 'https'}://{rest}"


def _answered(answer: requests.Response) -> Outcome:
    status = answer.status_code
    if status < 300:
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Outcome(content_type=kind, body=answer.content.decode("utf-8", "replace"))
    # A redirect would lose the form: the product is told, not followed.
    return Outcome(f"HTTP {status}", 11200, f"{status // 100}xx")


def _unreached(error: requests.RequestException) -> Outcome:
    if isinstance(error, requests.ReadTimeout):
        return Outcome("no answer within 15 seconds", 11200, "rt")
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, NewConnectionError | ConnectTimeoutError | SSLError):
        return Outcome("no connection", 11205, "ct")
    if isinstance(error, requests.ConnectionError):
        return Outcome("connection broke off", 11200, "rt")
    return Outcome("not a valid URL", 11100, "url")


def _session() -> requests.Session:
    """One for each thread, so that connections are kept."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        # No proxies, no .netrc: the product is next door.
        _local.session.trust_env = False
    session: requests.Session = _local.session
    return session
