"""What is wrong with hours as somebody typed them, and what to do about it."""

from collections.abc import Container, Iterator, Sequence
from datetime import date
from itertools import pairwise

from app.business_hours import public_holidays
from app.business_hours.hours_form import (
    CLOSED,
    OTHER,
    USUAL,
    DatedHours,
    Entered,
    Row,
    Typed,
    TypedException,
)
from app.business_hours.opening_hours import Interval
from app.business_hours.typed_hours import WHOLE_DAY, NoHours, interval, shown
from app.lib.text.cleaning import clean, one_line
from app.lib.time.clock import YEARS

MOST_INTERVALS, MOST_EXCEPTIONS, LONGEST_NOTE = 10, 200, 100
# What is wrong, by its place: week, week.DAY, week.DAY.ROW, exceptions, exceptions.N,
# exceptions.N.ROW.
Errors = dict[str, str]


class WrongHours(ValueError):
    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def check(typed: Typed, country: str) -> Entered:
    """As it can be stored. Raises WrongHours with all that is wrong."""
    errors: Errors = {}
    week = tuple(_intervals(rows, f"week.{day}", errors) for day, rows in enumerate(typed.week))
    errors |= {} if errors else dict(_of_week(week, typed.never))
    exceptions = tuple(_exceptions(typed.exceptions, errors))
    if errors:
        raise WrongHours(errors)
    region = typed.region if typed.region in public_holidays.regions(country) else None
    return Entered(week, exceptions, typed.holidays, region, typed.open_holidays)


def _intervals(rows: Sequence[Row], place: str, errors: Errors) -> tuple[Interval, ...]:
    """In their order; those that overlap, or are no times, are told."""
    read: list[tuple[Interval, int]] = []
    for number, row in enumerate(rows[: MOST_INTERVALS + 1]):
        try:
            if row != Row():
                read.append((interval(*row), number))
        except NoHours as wrong:
            errors[f"{place}.{number}"] = str(wrong)
    if len(read) > MOST_INTERVALS:
        errors[place] = f"A day has {MOST_INTERVALS} openings at most."
    for (one, _), (other, number) in pairwise(sorted(read)):
        if other.opens < one.closes:
            errors[f"{place}.{number}"] = _overlap(one, other)
    return tuple(each for each, _ in sorted(read))


def _overlap(one: Interval, other: Interval) -> str:
    return (
        f"{_span(one)} and {_span(other)} overlap. End the first before the second begins, or make"
        " them one."
    )


def _span(interval: Interval) -> str:
    return f"{shown(interval.opens)} to {shown(interval.closes)}"


def _of_week(week: Sequence[Sequence[Interval]], never: bool) -> Iterator[tuple[str, str]]:
    """What is wrong with a week whose days are right."""
    some = any(week)
    if never and some:
        yield "week", "Take the hours out, or the tick at “No weekly hours”."
    if not never and not some:
        yield "week", "Say when you are open, or tick “No weekly hours”."
    for day in range(7):
        night, morning = week[day], week[(day + 1) % 7]
        if night and morning and night[-1].closes - WHOLE_DAY > morning[0].opens:
            yield (
                f"week.{(day + 1) % 7}",
                f"The day before is open until {shown(night[-1].closes)} in the morning. Begin"
                " after that.",
            )


def _exceptions(typed: Sequence[TypedException], errors: Errors) -> Iterator[DatedHours]:
    if len(typed) > MOST_EXCEPTIONS:
        errors["exceptions"] = f"There can be {MOST_EXCEPTIONS} dates at most. Take old ones out."
    days: set[date] = set()
    for number, each in enumerate(typed[:MOST_EXCEPTIONS]):
        place = f"exceptions.{number}"
        rows = each.rows if each.kind == OTHER else ()
        intervals = _intervals(rows, place, errors)
        day = day_typed(each.day)
        if flaw := _flaw(each, day, days):
            errors[place] = flaw
        elif day:
            days.add(day)
            note = one_line(clean(each.note))[:LONGEST_NOTE]
            yield DatedHours(day, note, each.kind == USUAL, intervals)


def _flaw(typed: TypedException, day: date | None, days: Container[date]) -> str:
    """What is wrong with a date, but for its hours; days: those before it."""
    if day is None:
        return "Give a date, such as 2026-12-24, or take it out."
    if day in days:
        return "This date is there twice. Take one of them out."
    if typed.kind not in (CLOSED, OTHER, USUAL):
        return "Choose whether it is closed then, or has other hours."
    if typed.kind == OTHER and not any(row != Row() for row in typed.rows):
        return "Give the hours of this date, or choose “Closed”."
    return ""


def day_typed(text: str) -> date | None:
    """None: it is none, or too far from today."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.year in YEARS else None
