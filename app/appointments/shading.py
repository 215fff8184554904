"""The parts of a day's column in which nobody is expected to work, in minutes of its wall clock."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.appointments.layout import DAY, minute_of
from app.business_hours.working_hours import WorkingHours

Part = tuple[int, int]


def shaded(works: WorkingHours, day: date, zone: ZoneInfo) -> tuple[Part, ...]:
    """In order; none where nobody has said when they work."""
    if away(works, day):
        return ((0, DAY),)
    return tuple(_closed(works, day, zone)) if works.hours else ()


def away(works: WorkingHours, day: date) -> bool:
    """Whether it is one of their days off."""
    return any(each.first <= day <= each.last for each in works.off)


def _closed(works: WorkingHours, day: date, zone: ZoneInfo) -> Iterator[Part]:
    since, until = (_midnight(day + timedelta(days=each), zone) for each in (0, 1))
    reached = 0
    for begins, ends in works.hours.open_spans(since, until) if works.hours else ():
        opens, closes = (minute_of(each.astimezone(zone), day) for each in (begins, ends))
        if opens > reached:
            yield reached, opens
        reached = max(reached, min(closes, DAY))
    if reached < DAY:
        yield reached, DAY


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
