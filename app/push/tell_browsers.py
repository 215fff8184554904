"""Tells browsers that a customer wrote: claim, call the push services without holding the database,
forget those that are gone. It names no customer but by id; the browser asks us for the rest."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http import HTTPStatus
from time import monotonic
from urllib.parse import urlsplit

import http_ece
import structlog
from cryptography.hazmat.primitives.asymmetric import ec

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
SECONDS = 10.0
# So long a push service keeps it for a telephone that is off (RFC 8030, 5.2), in seconds.
TTL = 3600
# For how long the proof of who we are holds, in seconds.
PROOF = 12 * 3600
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

log = structlog.get_logger()


def tell_browsers(now: datetime) -> None:
    """Of all that came and was not told yet. What cannot be told now is not told again: it stands
    in the inbox, unread."""
    calls = list(_calls(arrivals.claim(now), now))
    db.session.remove()
    if not calls:
        return
    ours = settings()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="push") as threads:
        answers = threads.map(lambda call: _call(call[0], call[1], ours, now), calls)
        ended = [given.endpoint for (given, _), gone in zip(calls, answers, strict=True) if gone]
    for endpoint in ended:
        subscriptions.gone(endpoint)


def _calls(news: list[Arrival], now: datetime) -> Iterator[tuple[Given, int]]:
    for arrival in news:
        with tenant_scope(arrival.tenant_id):
            for given in subscriptions.of_whom(arrival.assignee_id, now):
                yield given, arrival.customer_id


def _call(given: Given, customer_id: int, ours: Settings, now: datetime) -> bool:
    """Whether the push service knows this browser no more."""
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
    # A newer one of the same customer takes the place of one that still waits for the telephone.
    told = {"TTL": str(TTL), "Urgency": "high", "Topic": f"customer-{customer_id}"}
    encoded = {"Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream"}
    return proof | told | encoded
