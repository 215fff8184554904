"""The fields of the form of business hours: what stands in each, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale

from app.business_hours.check_hours import Errors
from app.business_hours.hours_form import (
    CLOSED,
    OTHER,
    USUAL,
    Row,
    Typed,
    TypedException,
)
from app.business_hours.load_hours import Stored
from app.business_hours.opening_hours import Interval
from app.business_hours.tell_hours import clock
from app.business_hours.typed_hours import WHOLE_DAY, shown

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KINDS = {CLOSED: "Closed", OTHER: "Other hours", USUAL: "Open as usual"}
DATE = "This date"
NEW_DATE = TypedException("", CLOSED, "")
# What a business begins with in the form, until it has saved what is true.
PROPOSED = Typed(
    week=(*[(Row("9:00", "17:00"),)] * 5, (), ()),
    never=False,
    exceptions=(),
    holidays=True,
    region="",
    open_holidays=(),
)


@dataclass(frozen=True)
class RowField:
    """One interval."""

    row: Row
    error: str


@dataclass(frozen=True)
class DayField:
    """A weekday, or a date with an exception."""

    place: str
    """As the form's names begin, and errors are named."""
    label: str
    rows: list[RowField]
    error: str
    exception: TypedException | None = None


def as_typed(found: Stored | None, locale: Locale) -> Typed:
    """What is stored, as somebody would type it there; for a new business, a proposal."""
    if found is None:
        return PROPOSED
    entered = found.entered
    return Typed(
        week=tuple(rows_of(intervals, locale) for intervals in entered.week),
        never=not any(entered.week),
        exceptions=tuple(
            TypedException(
                each.day.isoformat(),
                USUAL if each.as_usual else OTHER if each.intervals else CLOSED,
                each.note,
                rows_of(each.intervals, locale),
            )
            for each in entered.exceptions
        ),
        holidays=entered.holidays,
        region=entered.region or "",
        open_holidays=entered.open_holidays,
    )


def rows_of(intervals: tuple[Interval, ...], locale: Locale) -> tuple[Row, ...]:
    return tuple(_row(interval, locale) for interval in intervals)


def _row(interval: Interval, locale: Locale) -> Row:
    if interval == (0, WHOLE_DAY):
        return Row(*map(shown, interval))
    return Row(*(clock(minute, locale) for minute in interval))


def fields(typed: Typed, errors: Errors) -> dict[str, Any]:
    """For the template."""
    return {
        "typed": typed,
        "days": week_fields(typed.week, errors),
        "dates": [
            # Its hours can be entered once it is to have other ones.
            day_field(f"exceptions.{n}", DATE, each.rows or (Row(),), errors, each)
            for n, each in enumerate(typed.exceptions)
        ],
        "kinds": KINDS,
        "no_row": Row(),
        "new_date": day_field("exceptions.NEW", DATE, (Row(),), errors, NEW_DATE),
        "errors": errors,
    }


def week_fields(week: Sequence[tuple[Row, ...]], errors: Errors) -> list[DayField]:
    return [day_field(f"week.{n}", WEEKDAYS[n], rows, errors) for n, rows in enumerate(week)]


def day_field(
    place: str,
    label: str,
    rows: tuple[Row, ...],
    errors: Errors,
    exception: TypedException | None = None,
) -> DayField:
    told = [RowField(row, errors.get(f"{place}.{n}", "")) for n, row in enumerate(rows)]
    return DayField(place, label, told, errors.get(place, ""), exception)
