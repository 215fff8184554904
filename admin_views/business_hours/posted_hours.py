"""What a form of business hours carries, whatever it is; and a row more or less in it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from app.business_hours.check_hours import MOST_EXCEPTIONS
from app.business_hours.hours_form import CLOSED, Row, Typed, TypedException
from app.lib.text.cleaning import clean

Form = MultiDict[str, str]
Item = TypeVar("Item")
# No name of a holiday is longer, and no business knows so many.
LONGEST_NAME, MOST_NAMES = 200, 200
NEW = TypedException("", CLOSED, "")


def posted_hours(form: Form) -> Typed:
    """Of lists with the same name the first is the first row: week.0.opens, week.0.closes, …"""
    shut = set(form.getlist("shut"))
    names = dict.fromkeys(form.getlist("holiday")[:MOST_NAMES])
    return Typed(
        week=tuple(rows_of(form, f"week.{day}") for day in range(7)),
        never="never" in form,
        exceptions=tuple(
            _exception(form, f"exceptions.{key}")
            for key in form.getlist("exception")[: MOST_EXCEPTIONS + 1]
        ),
        holidays="holidays" in form,
        region=form.get("region", "")[:LONGEST_NAME],
        open_holidays=tuple(clean(name)[:LONGEST_NAME] for name in names if name not in shut),
    )


def _exception(form: Form, place: str) -> TypedException:
    day, kind, note = (form.get(f"{place}.{name}", "") for name in ("day", "kind", "note"))
    return TypedException(day, kind, note, rows_of(form, place))


def rows_of(form: Form, place: str) -> tuple[Row, ...]:
    opens, closes = form.getlist(f"{place}.opens"), form.getlist(f"{place}.closes")
    pairs = zip_longest(opens, closes, fillvalue="")
    return tuple(Row(*(clean(each).strip() for each in pair)) for pair in pairs)


def seen(form: Form) -> int:
    """The version that the form was made from; -1, which none is, where it says nothing."""
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def with_row(typed: Typed, place: str) -> Typed:
    """With an empty row more in week.DAY or exceptions.N; in exceptions, with another date."""
    match place.split("."):
        case ["exceptions"]:
            return replace(typed, exceptions=(*typed.exceptions, NEW))
        case ["exceptions", number]:
            dates = _changed(typed.exceptions, number, lambda one: [_of(one, (*one.rows, Row()))])
            return replace(typed, exceptions=dates)
        case ["week", day]:
            return replace(typed, week=_changed(typed.week, day, lambda rows: [(*rows, Row())]))
    return typed


def without_row(typed: Typed, place: str) -> Typed:
    """Without the row week.DAY.ROW or exceptions.N.ROW, or the date exceptions.N."""
    match place.split("."):
        case ["exceptions", number]:
            return replace(typed, exceptions=_changed(typed.exceptions, number, lambda one: []))
        case ["exceptions", number, row]:
            dates = _changed(
                typed.exceptions, number, lambda one: [_of(one, _without(one.rows, row))]
            )
            return replace(typed, exceptions=dates)
        case ["week", day, row]:
            week = _changed(typed.week, day, lambda rows: [_without(rows, row)])
            return replace(typed, week=week)
    return typed


def _of(one: TypedException, rows: tuple[Row, ...]) -> TypedException:
    return one._replace(rows=rows)


def _without(rows: tuple[Row, ...], number: str) -> tuple[Row, ...]:
    return _changed(rows, number, lambda row: [])


def _changed(
    items: Sequence[Item], number: str, change: Callable[[Item], list[Item]]
) -> tuple[Item, ...]:
    """The items, in the place of that of the number what is made of it."""
    made = ((change(one) if str(n) == number else [one]) for n, one in enumerate(items))
    return tuple(one for some in made for one in some)
