"""What a form of a staff member's hours carries, whatever it is; and a row more or less in it."""

from collections.abc import Mapping
from typing import Any

from babel import Locale

from admin_views.business_hours.hours_fields import (
    PROPOSED,
    as_typed,
    rows_of,
    week_fields,
)
from admin_views.business_hours.posted_hours import Form, with_row, without_row
from admin_views.business_hours.posted_hours import rows_of as posted_rows
from app.business_hours.check_hours import Errors
from app.business_hours.check_working_hours import MOST_OFF, TypedOff, TypedWorking
from app.business_hours.hours_form import Row, Typed
from app.business_hours.load_hours import Stored
from app.business_hours.save_working_hours import Working
from app.lib.text.cleaning import clean


def posted_working(form: Form) -> TypedWorking:
    """Its names are those of business hours; a date's end is exceptions.N.until."""
    keys = form.getlist("exception")[: MOST_OFF + 1]
    week = tuple(posted_rows(form, f"week.{day}") for day in range(7))
    return TypedWorking("own" in form, week, tuple(_off(form, key) for key in keys))


def _off(form: Form, key: str) -> TypedOff:
    said = (form.get(f"exceptions.{key}.{name}", "") for name in ("day", "until", "note"))
    return TypedOff(*(clean(each).strip() for each in said))


def changed(typed: TypedWorking, form: Form) -> TypedWorking:
    """With the row that a button adds, or without the one that it removes."""
    add, gone = form.get("add", ""), form.get("remove", "")
    week = without_row(with_row(_week(typed), add), gone).week
    off = (*typed.off, TypedOff()) if add == "exceptions" else typed.off
    kept = tuple(each for n, each in enumerate(off) if gone != f"exceptions.{n}")
    return TypedWorking(typed.own, week, kept)


def _week(typed: TypedWorking) -> Typed:
    return Typed(typed.week, False, (), False, "", ())


def as_entered(working: Working, business: Stored | None, locale: Locale) -> TypedWorking:
    """What is stored, as somebody would type it; whoever has no hours of their own begins with
    those of the business."""
    off = (TypedOff(f"{each.first}", f"{each.last}", each.note) for each in working.off)
    if working.week is None:
        usual = as_typed(business, locale).week if business else PROPOSED.week
        return TypedWorking(False, usual, tuple(off))
    return TypedWorking(True, tuple(rows_of(each, locale) for each in working.week), tuple(off))


def working_fields(typed: TypedWorking, errors: Errors) -> Mapping[str, Any]:
    """For the template."""
    off = [(f"exceptions.{n}", each) for n, each in enumerate(typed.off)]
    return {
        "typed": typed,
        "days": week_fields(typed.week, errors),
        "off": [(place, each, errors.get(place, "")) for place, each in off],
        "no_row": Row(),
        "no_days": TypedOff(),
        "errors": errors,
    }
