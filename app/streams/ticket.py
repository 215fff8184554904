"""The ticket that opens the door to the streams: signed by the web, good for half a minute."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer

LASTS = timedelta(seconds=30)
SALT = "live-ticket"


class BadTicket(Exception):
    """Nobody of ours has signed it, or it has run out: ask the web for another."""


class Ticket(NamedTuple):
    """Who may hear of what."""

    tenant_id: int
    user_id: int
    session_id: int
    ends_at: datetime
    """When their session ends at the latest, and so does the stream."""
    issued_at: datetime
    origin: str
    """Whose pages may open it (RFC 6454): `https://inbox.example.com`."""
    customer_id: int | None = None
    """Of a visitor of the live chat (session_id is their ChatSession's): whose conversation alone
    they hear of; 0: none yet. None: of whoever is signed in."""
    names_nobody: bool = False
    """Of whoever sees some conversations only: they are told that something changed, and not of
    which customer."""


def issue(keys: Sequence[str], ticket: Ticket) -> str:
    """Its text for an address; the keys are SECRET_KEYs, the oldest first."""
    times = ticket.ends_at.timestamp(), ticket.issued_at.timestamp()
    whose = ticket.tenant_id, ticket.user_id, ticket.session_id
    held = (*whose, *times, ticket.origin, ticket.customer_id, ticket.names_nobody)
    return str(_signer(keys).dumps(held))


def read(keys: Sequence[str], text: str, now: datetime) -> Ticket:
    """What issue() was given. Raises BadTicket."""
    try:
        tenant_id, user_id, session_id, ends, issued, origin, *more = _signer(keys).loads(text)
    except BadData:
        raise BadTicket from None
    ends_at, issued_at = _instant(ends), _instant(issued)
    if now >= min(issued_at + LASTS, ends_at):
        raise BadTicket
    # One of a release before has no more.
    return Ticket(tenant_id, user_id, session_id, ends_at, issued_at, origin, *more)


def _instant(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)


def _signer(keys: Sequence[str]) -> URLSafeSerializer:
    return URLSafeSerializer(list(keys), salt=SALT)
