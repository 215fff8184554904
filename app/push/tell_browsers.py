"""Tells browsers that a customer wrote: claim, call the push services without holding the database,
forget those that are gone. A customer is named by id alone, sealed; a browser asks us for more."""

import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from itertools import zip_longest
from time import monotonic
from urllib.parse import urlsplit

import http_ece
import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from app import tasks
from app.config import Settings
from app.extensions import db, settings
from app.lib.outside.outside_address import Refused
from app.lib.outside.web_call import post, web_address
from app.push import arrivals, subscriptions
from app.push.arrivals import Arrival
from app.push.subscriptions import Given, raw
from app.push.vapid_key import authorization
from app.tenancy import tenant_scope

THREADS = 16
# For all of a call: name, connection, TLS, answer.
SECONDS = 5.0
# Of so many of a business at once; its people have an inbox.
MOST_EACH = 200
# So long a push service keeps it for a telephone that is off (RFC 8030, 5.2), in seconds.
TTL = 3600
# For how long the proof of who we are holds, in seconds.
PROOF = 12 * 3600
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

log = structlog.get_logger()


def tell_browsers(now: datetime) -> None:
    """Of all that came and was not told yet. What cannot be told now is not told again: it stands
    in the inbox, unread."""
    calls = _in_turn(arrivals.claim(now), now)
    db.session.remove()
    if not calls:
        return
    ours, over = settings(), monotonic() + tasks.SLOW_TIME_SLICE.total_seconds()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="push") as threads:
        answers = threads.map(lambda call: _call(call[0], call[1], ours, now, over), calls)
        ended = [given.endpoint for (given, _), gone in zip(calls, answers, strict=True) if gone]
    for endpoint in ended:
        subscriptions.gone(endpoint)


def _in_turn(news: list[Arrival], now: datetime) -> list[tuple[Given, int]]:
    """Whom to call about which customer, each business in turn: one whose addresses hang leaves
    room for the others."""
    of_each: defaultdict[int, list[tuple[Given, int]]] = defaultdict(list)
    for arrival in news:
        with tenant_scope(arrival.tenant_id):
            browsers = subscriptions.of_whom(arrival.assignee_id, now, arrival.assigned_to)
        of_each[arrival.tenant_id] += [(given, arrival.customer_id) for given in browsers]
    turns = zip_longest(*(calls[:MOST_EACH] for calls in of_each.values()))
    return [call for turn in turns for call in turn if call]


def _call(given: Given, customer_id: int, ours: Settings, now: datetime, over: float) -> bool:
    """Whether the push service knows this browser no more. Nothing is called once the time
    (monotonic) is over."""
    if monotonic() > over:
        log.warning("push_not_taken", error="no time")
        return False
    try:
        content = _sealed(given, json.dumps({"customer": customer_id}).encode())
        headers = _headers(given, customer_id, ours, now)
        until = monotonic() + SECONDS
        answer = post(web_address(given.endpoint), content, headers, until, ours.private_networks)
    except (Refused, ValueError, http_ece.ECEException) as error:
        log.warning("push_not_taken", error=type(error).__name__)
        return False
    if answer.status >= HTTPStatus.BAD_REQUEST and answer.status not in GONE:
        log.warning("push_not_taken", answered=answer.status)
    return answer.status in GONE


def _sealed(given: Given, content: bytes) -> bytes:
    """For this browser alone to read (RFC 8291)."""
    once = ec.generate_private_key(ec.SECP256R1())
    keys = {"dh": raw(given.p256dh), "auth_secret": raw(given.auth)}
    sealed: bytes = http_ece.encrypt(content, private_key=once, **keys)
    return sealed


def _headers(given: Given, customer_id: int, ours: Settings, now: datetime) -> dict[str, str]:
    until = int(now.timestamp()) + PROOF
    host = urlsplit(ours.public_url).hostname
    contact = f"mailto:{ours.email_from or f'postmaster@{host}'}"
    proof = authorization(ours.secret_key, given.endpoint, contact, until)
    # A newer one of the same customer takes the place of one that still waits for the telephone; to
    # the service it has no meaning.
    topic = sha256(f"{given.auth} {customer_id}".encode()).hexdigest()[:32]
    told = {"TTL": str(TTL), "Urgency": "high", "Topic": topic}
    encoded = {"Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream"}
    return proof | told | encoded
