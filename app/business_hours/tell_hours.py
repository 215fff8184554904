"""Opening hours as a person says them: open until 6:00 PM; closed, opens Monday at 9:00 AM."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from babel import Locale
from babel.dates import get_day_names

from app.business_hours.hours_words import WORDS, HoursWords
from app.business_hours.opening_hours import DAY, Interval, OpeningHours
from app.business_hours.typed_hours import WHOLE_DAY
from app.lib.time.clock_changes import MINUTE
from app.lib.time.locales import day, spoken_at, time_of_day

# What closes so soon needs no day beside its time, past midnight or not.
SOON = timedelta(hours=12)


def hours_variables(
    hours: OpeningHours | None, language: str, home: str, now: datetime
) -> dict[str, str]:
    """What stands for the variables OF_THE_HOURS (notification_type.py), in a language of LANGUAGES
    as it is written where the tenant's locale is at home. What is not known is a word that fits its
    place (by appointment, soon)."""
    words = WORDS[language]
    if hours is None:
        unknown = words.by_appointment
        return {"opening_hours": unknown, "opens_at": words.soon, "open_now": unknown}
    told = Told(hours, words, spoken_at(language, home), now)
    return {
        "opening_hours": told.week(),
        "opens_at": told.opens_at(),
        "open_now": told.open_now(),
    }


@dataclass(frozen=True)
class Told:
    """A business's hours as of now, by the clock on its wall."""

    hours: OpeningHours
    words: HoursWords
    locale: Locale
    now: datetime

    def opens_at(self) -> str:
        """When it opens next: tomorrow at 9:00 AM; Monday at 9:00 AM; Mon, Dec 7 at 9:00 AM."""
        opens = self.hours.opens_next(self.now)
        return self._at(opens) if opens else self.words.soon

    def open_now(self) -> str:
        closes, opens = self.hours.closes_next(self.now), self.hours.opens_next(self.now)
        if self.hours.is_open(self.now):
            return self._until(closes) if closes else self.words.always
        return self.words.closed.format(day=self._at(opens)) if opens else self.words.by_appointment

    def week(self) -> str:
        """Mon-Fri 9:00 AM-6:00 PM; Sat 9:00 AM-2:00 PM. Without exceptions and holidays."""
        days = [self.hours.week.get(weekday, ()) for weekday in range(7)]
        alike = (list(some) for _, some in groupby(range(7), key=days.__getitem__))
        told = (
            f"{self._days(some)} {self._times(days[some[0]])}" for some in alike if days[some[0]]
        )
        return "; ".join(told) or self.words.by_appointment

    def _until(self, closes: datetime) -> str:
        another_day = self._wall(closes).date() != self._wall(self.now).date()
        if another_day and closes - self.now > SOON:
            return self.words.until_day.format(day=self._at(closes))
        shown = time_of_day(self._wall(closes), self.locale)
        return (self.words.until_one if _is_one(shown) else self.words.until).format(time=shown)

    def _at(self, instant: datetime) -> str:
        shown = time_of_day(self._wall(instant), self.locale)
        at = self.words.at_one if _is_one(shown) else self.words.at
        return at.format(day=self._day(instant), time=shown)

    def _day(self, instant: datetime) -> str:
        there = self._wall(instant).date()
        away = (there - self._wall(self.now).date()) // DAY
        if away < 2:
            return self.words.tomorrow if away else self.words.today
        name = get_day_names("wide", locale=self.locale)[there.weekday()]
        return self.words.other_day.format(name if away < 7 else day(there, self.locale))

    def _wall(self, instant: datetime) -> datetime:
        return instant.astimezone(self.hours.zone)

    def _days(self, weekdays: Sequence[int]) -> str:
        names = get_day_names("abbreviated", locale=self.locale)
        ends = [names[weekdays[0]], names[weekdays[-1]]]
        return "-".join(ends if len(weekdays) > 1 else ends[:1])

    def _times(self, intervals: Sequence[Interval]) -> str:
        return ", ".join(
            span(interval, self.locale, self.words.whole_day) for interval in intervals
        )


def span(interval: Interval, locale: Locale, whole_day: str, to: str = "-") -> str:
    """9:00 AM-6:00 PM, in characters that make no SMS dearer."""
    if interval == (0, WHOLE_DAY):
        return whole_day
    return to.join(clock(minute, locale) for minute in interval)


def clock(minute: int, locale: Locale) -> str:
    """The time so many minutes after a midnight."""
    return time_of_day(datetime.combine(date.min, time()) + minute * MINUTE, locale)


def _is_one(shown: str) -> bool:
    return shown.startswith(("1:", "01:"))
