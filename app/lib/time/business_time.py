"""The clock and the calendar where a business is: local times, as pages say them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel import Locale
from babel.dates import format_date, format_interval

from app.lib.time.clock import local_day, wall_time
from app.lib.time.locales import day, on_pages, time_of_day, to_the_second

DAYS_AWAY = {-1: "Tomorrow", 0: "Today", 1: "Yesterday"}


@dataclass(frozen=True)
class BusinessTime:
    """Of a business's IANA zone and its locale, such as en_US. The words are English."""

    timezone: str
    home: str

    @property
    def locale(self) -> Locale:
        return on_pages(self.home)

    def day(self, instant: datetime) -> date:
        """The calendar day that it is there."""
        return local_day(instant, self.timezone)

    def time(self, instant: datetime) -> str:
        """2:05 PM or 14:05."""
        return time_of_day(wall_time(instant, self.timezone), self.locale)

    def at_minute(self, minute: int) -> str:
        """The local time so many minutes after midnight."""
        shown = datetime.combine(date.min, time(minute // 60, minute % 60))
        return time_of_day(shown, self.locale)

    def hour(self, hour: int) -> str:
        """A full hour beside a day: 2 PM or 14:00."""
        return self.at_minute(hour * 60).replace(":00 ", " ")

    def full(self, instant: datetime) -> str:
        """Nov 3, 2026, 2:05 PM or 3 Nov 2026, 14:05."""
        return f"{day(self.day(instant), self.locale, 'yMMMd')}, {self.time(instant)}"

    def near(self, instant: datetime, now: datetime) -> str:
        """Tue, Nov 3, 2:05 PM; with the year where it is another."""
        there = self.day(instant)
        skeleton = "MMMEd" if there.year == self.day(now).year else "yMMMEd"
        return f"{day(there, self.locale, skeleton)}, {self.time(instant)}"

    def exact(self, instant: datetime, now: datetime) -> str:
        """As near, to the second: Tue, Nov 3, 2:05:09 PM."""
        there = wall_time(instant, self.timezone)
        date_alone = self.near(instant, now).removesuffix(self.time(instant))
        return date_alone + to_the_second(there, self.locale)

    def soon(self, instant: datetime, now: datetime) -> str:
        """Today, 2:05 PM; Tomorrow, 9:00 AM; else with the weekday."""
        away = DAYS_AWAY.get((self.day(now) - self.day(instant)).days)
        return f"{away}, {self.time(instant)}" if away else self.near(instant, now)

    def brief(self, instant: datetime, now: datetime) -> str:
        """In a list: 2:05 PM today, Yesterday, Mon, Nov 3, Nov 3, 2025."""
        there, today = self.day(instant), self.day(now)
        if there == today:
            return self.time(instant)
        if today - timedelta(days=7) < there < today:
            return DAYS_AWAY.get((today - there).days, f"{there:%a}")
        return day(there, self.locale, "MMMd" if there.year == today.year else "yMMMd")

    def heading(self, there: date, today: date) -> str:
        """What stands above a day: Today, or Monday, November 2, 2026."""
        return DAYS_AWAY.get((today - there).days) or self.whole(there)

    def whole(self, there: date) -> str:
        """Monday, November 2, 2026."""
        return format_date(there, "full", self.locale)

    def between(self, first: date, last: date) -> str:
        """Two days and what is between them, as briefly as it is written there."""
        return format_interval(first, last, "yMMMd", locale=self.locale)

    def week(self, there: date) -> date:
        """The day with which the week of a day begins where the business is."""
        since = (there.weekday() - Locale.parse(self.home).first_week_day) % 7
        return there - timedelta(days=since)
