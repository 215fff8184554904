"""What is wrong with a staff member's hours as somebody typed them, and what to do about it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from app.business_hours.check_hours import LONGEST_NOTE, Errors, WrongHours, check, day_typed
from app.business_hours.hours_form import Row, Typed
from app.business_hours.opening_hours import DAY
from app.business_hours.save_working_hours import Working
from app.business_hours.working_hours import Off
from app.lib.text.cleaning import clean, one_line

MOST_OFF, LONGEST_OFF = 50, 366 * DAY


class TypedOff(NamedTuple):
    """Days off; ISO 8601. The last may be left out where it is one day, and all of an empty row."""

    first: str = ""
    last: str = ""
    note: str = ""


class TypedWorking(NamedTuple):
    own: bool
    week: tuple[tuple[Row, ...], ...]
    off: tuple[TypedOff, ...]


def check_working(typed: TypedWorking) -> Working:
    """As it can be stored. Raises WrongHours with all that is wrong."""
    errors: Errors = {}
    off = tuple(_days_off(typed.off, errors))
    week = None
    try:
        if typed.own:
            week = check(_week(typed), "").week
    except WrongHours as wrong:
        errors |= wrong.errors
    if errors:
        raise WrongHours(errors)
    return Working(week, off)


def _week(typed: TypedWorking) -> Typed:
    never = not any(row != Row() for rows in typed.week for row in rows)
    return Typed(typed.week, never, (), False, "", ())


def _days_off(typed: Sequence[TypedOff], errors: Errors) -> Iterator[Off]:
    if len(typed) > MOST_OFF:
        errors["exceptions"] = f"There can be {MOST_OFF} at most. Take old ones out."
    for number, each in enumerate(typed[:MOST_OFF]):
        if each == TypedOff():
            continue
        first, last = day_typed(each.first), day_typed(each.last or each.first)
        if flaw := _flaw(first, last):
            errors[f"exceptions.{number}"] = flaw
        elif first and last:
            yield Off(first, last, one_line(clean(each.note))[:LONGEST_NOTE])


def _flaw(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "Give the first and the last day, or take the row out."
    if last < first:
        return "The last day comes before the first. Swap them."
    if last - first > LONGEST_OFF:
        return "This is more than a year. Take them out of those who take appointments instead."
    return ""
