"""When an attempt that got no good answer is made again."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import uniform

# After the first attempt, the second …: three days and some hours altogether, as Standard Webhooks
# recommends (spec/standard-webhooks.md, «Retry schedule»).
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
MOST_ATTEMPTS = len(PAUSES) + 1
# A server may ask for more time, but not for ever.
LONGEST_QUIET = timedelta(hours=24)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """None after the last. With jitter, so that many do not come back at once."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return now + PAUSES[attempts - 1] * uniform(1.0, 1.2)  # noqa: S311


def quiet_until(retry_after: str, now: datetime) -> datetime | None:
    """What the header Retry-After asks for, in seconds or as a date (RFC 9110, 10.2.3); None: it
    asks for nothing that can be understood."""
    try:
        wanted = _instant(retry_after.strip(), now)
    except (ValueError, OverflowError):
        return None
    return min(wanted, now + LONGEST_QUIET) if wanted > now else None


def _instant(text: str, now: datetime) -> datetime:
    if text.isascii() and text.isdigit():
        return now + timedelta(seconds=int(text))
    at = parsedate_to_datetime(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
