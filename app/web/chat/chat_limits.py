"""How often a visitor may do something: each caller first, and all of a business together only as a
ceiling, which nobody uses up who was refused before.

Counted in Redis, so across processes; where it is away each process counts by itself.
"""

from ipaddress import ip_network

from limits import RateLimitItem, parse_many

from app.web.sign_in.tries import Counter, TooManyTries, caller, count
from app.webchat.visitor_refused import VisitorRefused, Why

# An office has one address for all who sit in it.
PANELS = parse_many("60 per minute; 400 per hour")
SESSIONS = parse_many("60 per minute; 400 per hour")
MESSAGES = parse_many("60 per minute; 600 per hour")
FILES = parse_many("10 per minute; 60 per hour")
# What a panel asks by itself.
LOOKS = parse_many("1200 per minute")
CEILINGS = {
    "panel": parse_many("3000 per minute"),
    "session": parse_many("600 per minute"),
    "message": parse_many("1200 per minute"),
    "file": parse_many("120 per minute"),
    "look": parse_many("12000 per minute"),
}
# New chats without a proof of work: of who was shown the panel, and of who was not; of a network;
# and of a business, by all who were not.
UNPROVEN = parse_many("30 per minute; 200 per hour")
BARE = parse_many("20 per minute; 100 per hour")
OF_NETWORK = parse_many("90 per minute; 600 per hour")
BARE_OF_BUSINESS = parse_many("120 per minute")
# What a provider gives to one customer or street.
NETWORKS = {4: 24, 6: 48}
# Longer than a challenge lasts.
ONCE = parse_many("1 per 10 minutes")


def allow(what: str, limits: list[RateLimitItem], tenant_id: int) -> None:
    """Count one. Raises VisitorRefused, which says how long to wait."""
    allow_caller(what, limits)
    allow_business(what, tenant_id)


def allow_caller(what: str, limits: list[RateLimitItem]) -> None:
    """Count one of the caller's alone. Raises VisitorRefused."""
    _count(Counter(limits, ("chat", what, caller())))


def allow_business(what: str, tenant_id: int) -> None:
    """Count one of the business's. Raises VisitorRefused."""
    _count(Counter(CEILINGS[what], ("chat of", what, str(tenant_id))))


def allow_unproven(shown: bool, tenant_id: int) -> None:
    """Count one new chat without a proof, of a caller who was shown the panel or not. Raises
    VisitorRefused."""
    own = Counter(UNPROVEN if shown else BARE, ("chat unproven", caller()))
    counters = [own, Counter(OF_NETWORK, ("chats unproven", _network()))]
    bare = Counter(BARE_OF_BUSINESS, ("chats bare", str(tenant_id)))
    _count(*counters, *(() if shown else (bare,)))


def first_use(salt: str) -> bool:
    """Whether the proof of that challenge counts: it came for the first time."""
    try:
        count([Counter(ONCE, ("chat proof", salt))])
    except TooManyTries:
        return False
    return True


def _count(*counters: Counter) -> None:
    try:
        count(list(counters))
    except TooManyTries as refused:
        seconds = refused.retry_after
        wait = seconds if isinstance(seconds, int) else 60
        raise VisitorRefused(Why.TOO_FAST, wait) from None


def _network() -> str:
    try:
        here = ip_network(caller())
    except ValueError:
        return "nobody"
    return str(here.supernet(new_prefix=NETWORKS[here.version]))
