"""When one who works at a business is there: by hours of their own, or by the business's; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.business_hours.opening_hours import DAY, Interval, OpeningHours

Week = tuple[tuple[Interval, ...], ...]


class Off(NamedTuple):
    """Whole days on which somebody is away."""

    first: date
    last: date
    note: str = ""


class Absence(StrEnum):
    """Why nobody is expected to work at a time."""

    AWAY = "away"
    CLOSED = "closed"


@dataclass(frozen=True)
class WorkingHours:
    """Of a staff member, or of the business as a whole."""

    hours: OpeningHours | None
    """Without the days off; None: nobody has said when they work."""
    off: tuple[Off, ...] = ()

    def absent(self, begins: datetime, ends: datetime, zone: ZoneInfo) -> Absence | None:
        """What speaks against an appointment then, if anything does."""
        first, last = begins.astimezone(zone).date(), ends.astimezone(zone).date()
        if any(each.first <= last and first <= each.last for each in self.off):
            return Absence.AWAY
        if self.hours and not self.hours.open_through(begins, ends):
            return Absence.CLOSED
        return None


def of_person(
    business: OpeningHours | None,
    usual: Mapping[date, bool],
    week: Week | None,
    off: tuple[Off, ...],
) -> WorkingHours:
    """week: their own, if they have one; usual: by each dated exception of the business whether it
    is open as on the weekday. On other exceptions they work while both would."""
    if week is None or business is None:
        return WorkingHours(_without(business, off), off)
    own = dict(enumerate(week))
    exceptions = {
        day: own[day.weekday()] if usual.get(day) else both(own[day.weekday()], spans)
        for day, spans in business.exceptions.items()
    }
    return WorkingHours(_without(replace(business, week=own, exceptions=exceptions), off), off)


def both(some: tuple[Interval, ...], others: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """What the two have in common."""
    pairs = ((one, other) for one in some for other in others)
    shared = (Interval(max(a.opens, b.opens), min(a.closes, b.closes)) for a, b in pairs)
    return tuple(sorted(each for each in shared if each.opens < each.closes))


def _without(hours: OpeningHours | None, off: tuple[Off, ...]) -> OpeningHours | None:
    days = (each.first + n * DAY for each in off for n in range((each.last - each.first).days + 1))
    away: dict[date, tuple[Interval, ...]] = dict.fromkeys(days, ())
    return hours and replace(hours, exceptions={**hours.exceptions, **away})
