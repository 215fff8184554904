"""Time: aware and UTC inside, the tenant's wall time at the edge."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

# Near the ends of the calendar another zone has no such date.
YEARS = range(1900, 2201)
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def now() -> datetime:
    return datetime.now(UTC)


def running(now: datetime) -> Callable[[], datetime]:
    """A clock that shows now, and goes on from there."""
    begin = monotonic()
    return lambda: now + timedelta(seconds=monotonic() - begin)


def wall_time(instant: datetime, timezone: str) -> datetime:
    """The instant in the tenant's local time, as a clock on the wall shows it."""
    return instant.astimezone(ZoneInfo(timezone))


def local_day(instant: datetime, timezone: str) -> date:
    """The calendar day that it is for the tenant."""
    return wall_time(instant, timezone).date()


class NoSuchTime(ValueError):
    """No clock of that place ever shows this time; the text says so in a person's words."""


def instant(wall: datetime, timezone: str) -> datetime:
    """The UTC instant at which a clock on the tenant's wall shows a naive time.

    Of a time that comes twice, as clocks go back, the first is meant (PEP 495, fold=0).
    Raises NoSuchTime for one that is left out as they go forward, or is beyond all calendars.
    """
    if wall.year not in YEARS:
        raise NoSuchTime(f"{wall:%Y-%m-%d} is too far away: give a year of {YEARS[0]}–{YEARS[-1]}")
    moment = wall.replace(tzinfo=ZoneInfo(timezone), fold=0).astimezone(UTC)
    if wall_time(moment, timezone).replace(tzinfo=None) != wall.replace(fold=0):
        raise NoSuchTime(f"there is no {wall:%H:%M} on {wall:%Y-%m-%d}: the clocks go forward then")
    return moment


def read(text: str, timezone: str) -> datetime:
    """The UTC instant of an ISO 8601 time, to the minute; without an offset it is wall time.

    Raises NoSuchTime.
    """
    try:
        given = datetime.fromisoformat(text).replace(second=0, microsecond=0)
    except ValueError:
        given = None
    # A date alone would be midnight, which nobody meant.
    if given is None or ":" not in text:
        raise NoSuchTime(f"“{text}” is no time such as 2026-11-30T14:30")
    if given.tzinfo is None or given.year not in YEARS:
        return instant(given.replace(tzinfo=None), timezone)
    return given.astimezone(UTC)


def shows(instant: datetime, text: str, timezone: str) -> bool:
    """Whether a clock on the tenant's wall shows the ISO 8601 time at the instant, to the minute;
    never for one with an offset, which means one instant."""
    wall = wall_time(instant, timezone).replace(tzinfo=None, second=0, microsecond=0, fold=0)
    given = datetime.fromisoformat(text)
    return given.tzinfo is None and given.replace(second=0, microsecond=0) == wall


def lasted(time: timedelta) -> str:
    """In its largest unit: 1 second, 4 minutes, 3 days."""
    seconds = max(int(time.total_seconds()), 0)
    size, unit = next((each for each in UNITS if seconds >= each[0]), UNITS[-1])
    count = seconds // size
    return f"{count} {unit}{'' if count == 1 else 's'}"
