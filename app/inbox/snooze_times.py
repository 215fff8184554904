"""Until when a conversation can be snoozed, on the clock of the business."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.lib.time.clock import NoSuchTime, instant, local_day, wall_time

MORNING = time(9)
# "Later today" is so much later, to the full quarter of an hour, as long as it is still evening.
LATER = timedelta(hours=3)
QUARTER = timedelta(minutes=15)
EVENING = time(21)


@dataclass(frozen=True)
class Snooze:
    key: str
    label: str
    until: datetime


def offered(now: datetime, timezone: str) -> list[Snooze]:
    """Those that can be chosen now, the soonest first."""
    return list(_offered(now, timezone))


def _offered(now: datetime, timezone: str) -> Iterator[Snooze]:
    today = local_day(now, timezone)
    later = _quarter(now + LATER)
    there = wall_time(later, timezone)
    if there.date() == today and there.time() <= EVENING:
        yield Snooze("later", "Later today", later)
    tomorrow, monday = today + timedelta(days=1), today + timedelta(days=7 - today.weekday())
    yield Snooze("tomorrow", "Tomorrow", morning(tomorrow, timezone))
    if monday != tomorrow:
        yield Snooze("week", "Next week", morning(monday, timezone))


def _quarter(at: datetime) -> datetime:
    """The next full quarter of an hour."""
    past = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
    return at + -past % QUARTER


def morning(day: date, timezone: str) -> datetime:
    """Nine o'clock of that day, or, where the clocks leave that out, an hour later.

    Raises NoSuchTime for a day beyond all calendars.
    """
    try:
        return instant(datetime.combine(day, MORNING), timezone)
    except NoSuchTime:
        return instant(datetime.combine(day, MORNING) + timedelta(hours=1), timezone)
