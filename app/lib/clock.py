"""Time: aware and UTC inside, the tenant's wall time at the edge."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo


def now() -> datetime:
    return datetime.now(UTC)


def running(now: datetime) -> Callable[[], datetime]:
    """A clock that shows now, and goes on from there."""
    begin = monotonic()
    return lambda: now + timedelta(seconds=monotonic() - begin)


def wall_time(instant: datetime, timezone: str) -> datetime:
    """The instant as a clock on the tenant's wall shows it."""
    return instant.astimezone(ZoneInfo(timezone))


def local_day(instant: datetime, timezone: str) -> date:
    """The calendar day that it is for the tenant."""
    return wall_time(instant, timezone).date()


def when(instant: datetime, timezone: str, now: datetime) -> str:
    """A short human time for a list: 14:05 today, Yesterday, Mon, 3 Nov, 3 Nov 2025."""
    there, today = wall_time(instant, timezone), local_day(now, timezone)
    days = (today - there.date()).days
    if days == 0:
        return f"{there:%H:%M}"
    if days == 1:
        return "Yesterday"
    if 1 < days < 7:
        return f"{there:%a}"
    return f"{there.day} {there:%b}" if there.year == today.year else f"{there.day} {there:%b %Y}"


def day_heading(day: date, today: date) -> str:
    """What stands above a day's messages in a thread."""
    days = (today - day).days
    if days in (0, 1):
        return ("Today", "Yesterday")[days]
    return f"{day:%A}, {day.day} {day:%B %Y}"
