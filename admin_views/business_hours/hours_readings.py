"""What the page of business hours says: whether it is open now, and the holidays to come."""

from datetime import date, datetime
from typing import Any, NamedTuple

from babel import Locale

from admin_views.business_hours.hours_fields import WEEKDAYS
from admin_views.frame import business
from admin_views.times import business_time
from app.business_hours import public_holidays
from app.business_hours.hours_words import WORDS
from app.business_hours.load_hours import Stored, opening_hours
from app.business_hours.opening_hours import Interval, OpeningHours
from app.business_hours.tell_hours import Told, span
from app.lib.time.locales import day

ENGLISH = WORDS["en"]


class Holiday(NamedTuple):
    name: str
    dates: list[str]
    """In this year and the next."""


def version(found: Stored | None) -> int:
    """The version of what is stored; 0: nothing is."""
    return found.version if found else 0


def locale() -> Locale:
    """How the pages write times where the business is."""
    return business_time().locale


def readings(found: Stored | None, now: datetime) -> dict[str, Any]:
    """For the template."""
    tenant = business()
    region = found.entered.region if found else None
    return {
        "stored": found and found.entered,
        "now_told": _now(opening_hours(found.entered, tenant), now) if found else "",
        "timezone": tenant.timezone,
        "country": locale().territories.get(tenant.country, tenant.country),
        "holidays": _holidays(tenant.country, region, business_time().day(now).year),
        "regions": public_holidays.regions(tenant.country),
        "weekdays": WEEKDAYS,
        "times": _times,
        "date": _date,
    }


def _now(hours: OpeningHours, now: datetime) -> str:
    """open until 6:00 PM. Or: closed. Opens tomorrow at 9:00 AM."""
    told = Told(hours, ENGLISH, locale(), now)
    if hours.is_open(now):
        return f"{told.open_now()}."
    return f"closed. Opens {told.opens_at()}." if hours.opens_next(now) else "closed."


def _holidays(country: str, region: str | None, year: int) -> list[Holiday]:
    found: dict[str, list[str]] = {}
    for each in (year, year + 1):
        for there, names in public_holidays.of_year(country, region, each).items():
            for name in names:
                found.setdefault(name, []).append(_date(there))
    return [Holiday(name, dates) for name, dates in found.items()]


def _date(there: date) -> str:
    return day(there, locale(), "yMMMEd")


def _times(intervals: tuple[Interval, ...]) -> str:
    told = (span(each, locale(), ENGLISH.whole_day, " – ") for each in intervals)
    return ", ".join(told) or "Closed"
