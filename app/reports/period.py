"""The days that a report tells of, where the business is, and those that it compares them with."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from app.lib.time.clock_changes import comes_at

MONTH = "month"
# By the word in the address; so many days up to today, or this month so far.
PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days", MONTH: "This month"}
USUAL = "30"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both whole, in an IANA zone."""

    first: date
    last: date
    timezone: str

    @property
    def days(self) -> list[date]:
        return [self.first + n * DAY for n in range((self.last - self.first).days + 1)]

    @cached_property
    def midnights(self) -> list[datetime]:
        """Where each day begins, and where the last one ends: a day that clocks change on has 23
        or 25 hours, and one whose midnight is left out begins later."""
        zone = ZoneInfo(self.timezone)
        nights = [*self.days, self.last + DAY]
        return [comes_at(datetime.combine(day, time()), zone) for day in nights]


def period(name: str, today: date, timezone: str) -> Period:
    """Of that name, up to today; the usual one where there is none of it."""
    if name == MONTH:
        return Period(today.replace(day=1), today, timezone)
    days = int(name if name in PERIODS else USUAL)
    return Period(today - (days - 1) * DAY, today, timezone)


def before(name: str, now: Period) -> Period:
    """As many days just before; of a month the same days of the one before, as far as it has
    them."""
    if name != MONTH:
        return Period(now.first - (now.last - now.first) - DAY, now.first - DAY, now.timezone)
    end = now.first - DAY
    return Period(end.replace(day=1), end.replace(day=min(now.last.day, end.day)), now.timezone)
