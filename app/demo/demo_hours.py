"""When the demo business is open."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from app.business_hours.hours_form import DatedHours, Entered
from app.business_hours.opening_hours import Interval
from app.business_hours.save_hours import save
from app.lib.time.clock import local_day
from app.models import Tenant

WEEKDAY, SATURDAY = Interval(9 * 60, 19 * 60), Interval(9 * 60, 17 * 60)
SHORT = Interval(9 * 60, 14 * 60)
REGION = "NY"
# Public holidays on which people have time for a haircut.
OPEN_HOLIDAYS = (
    "Columbus Day",
    "Election Day",
    "Juneteenth National Independence Day",
    "Juneteenth National Independence Day (observed)",
    "Lincoln's Birthday",
    "Lincoln's Birthday (observed)",
    "Martin Luther King Jr. Day",
    "Susan B. Anthony Day",
    "Veterans Day",
    "Washington's Birthday",
)


def create(tenant: Tenant, now: datetime) -> None:
    """Monday to Saturday, shorter before Christmas and the new year."""
    today = local_day(now, tenant.timezone)
    # A Monday in about three weeks.
    team = today + timedelta(days=21 - today.weekday())
    dates = {
        team: DatedHours(team, "Team training", False, ()),
        **{day: DatedHours(day, note, False, (SHORT,)) for day, note in _eves(today)},
    }
    week = (*[(WEEKDAY,)] * 5, (SATURDAY,), ())
    save(Entered(week, tuple(dates.values()), True, REGION, OPEN_HOLIDAYS), 0, now)


def _eves(today: date) -> Iterator[tuple[date, str]]:
    year = today.year
    yield date(year, 12, 24), "Christmas Eve"
    yield date(year, 12, 31), "New Year's Eve"
