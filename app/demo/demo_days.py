"""When the demo's days are, seen from its today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.lib.time.locales import spoken_at, time_of_day

SOON = "soon"


class Event(NamedTuple):
    at: datetime
    happen: Callable[[], None]


@dataclass(frozen=True)
class Days:
    now: datetime
    zone: ZoneInfo

    def day(self, days: int) -> date:
        return self.now.astimezone(self.zone).date() + timedelta(days=days)

    def at(self, days: int, wall: str) -> datetime:
        """That wall time, so many days from today; SOON: what has just begun, or is about to."""
        clock = self._soon() if wall == SOON else time.fromisoformat(wall)
        return datetime.combine(self.day(days), clock, self.zone)

    def _soon(self) -> time:
        """A quarter of an hour that began within this half of one, while the business is open."""
        just = (self.now - timedelta(minutes=15)).astimezone(self.zone)
        quarter = time(just.hour, just.minute // 15 * 15)
        return min(max(quarter, time(9)), time(17, 30))

    def when(self, text: str) -> datetime:
        """2.5 (hours ago) or -3@11:12."""
        days, _, wall = text.partition("@")
        return self.at(int(days), wall) if wall else self.now - timedelta(hours=float(days))

    def named(self, text: str) -> str:
        """With the weekdays of the next days for {0}, {1}, … and, in Spanish, {es[0]}, …
        and the time of SOON for {soon}."""
        week = [self.day(days) for days in range(7)]
        english, spanish = (
            [format_date(day, "EEEE", lang) for day in week] for lang in ("en", "es")
        )
        soon = time_of_day(self.at(0, SOON), spoken_at("en", "en_US"))
        return text.format(*english, es=spanish, soon=soon)
