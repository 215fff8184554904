"""How often a visitor may do something: each caller first, and all of a business together only as a
ceiling, which nobody uses up who was refused before."""

from limits import RateLimitItem, parse_many

from app.web.sign_in.tries import Counter, TooManyTries, caller, count
from app.webchat.visitor_refused import VisitorRefused, Why

# An office has one address for all who sit in it.
PANELS = parse_many("60 per minute; 400 per hour")
# A session that the panel begins, and one that is asked for without having been shown it.
SESSIONS = parse_many("30 per minute; 200 per hour")
BARE_SESSIONS = parse_many("20 per minute; 100 per hour")
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


def allow(what: str, limits: list[RateLimitItem], tenant_id: int) -> None:
    """Count one. Raises VisitorRefused, which says how long to wait."""
    counters = [
        Counter(limits, ("chat", what, caller())),
        Counter(CEILINGS[what], ("chat of", what, str(tenant_id))),
    ]
    try:
        count(counters)
    except TooManyTries as refused:
        seconds = refused.retry_after
        wait = seconds if isinstance(seconds, int) else 60
        raise VisitorRefused(Why.TOO_FAST, wait) from None
