"""A business's rows, read once, to be asked about any number of instants."""

from collections import defaultdict
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.business_hours import public_holidays
from app.business_hours.hours_form import DatedHours, Entered
from app.business_hours.opening_hours import Interval, OpeningHours
from app.extensions import db
from app.lib.memo import memoized
from app.models import BusinessHours, HoursException, OpeningInterval, Tenant
from app.tenancy import current_tenant_id


class Stored(NamedTuple):
    entered: Entered
    version: int
    """Of the rows, which whoever changes them names (save_hours.py)."""


def of_tenant() -> OpeningHours | None:
    """Of the tenant in scope, in four statements (within memo_scope: once); None: it has never said
    when it is open."""
    return memoized("business hours", _of_tenant)


def _of_tenant() -> OpeningHours | None:
    found = stored()
    tenant = db.session.get_one(Tenant, current_tenant_id())
    return opening_hours(found.entered, tenant) if found else None


def opening_hours(entered: Entered, tenant: Tenant) -> OpeningHours:
    """As they hold where the tenant is; pure."""
    week = dict(enumerate(entered.week))
    exceptions = {
        each.day: week[each.day.weekday()] if each.as_usual else each.intervals
        for each in entered.exceptions
    }
    closed = partial(public_holidays.closed, tenant.country, entered.region, entered.open_holidays)
    holiday = closed if entered.holidays else lambda day: False
    return OpeningHours(ZoneInfo(tenant.timezone), week, exceptions, holiday)


def stored() -> Stored | None:
    """What was entered of the tenant in scope; None: nothing."""
    row = db.session.get(BusinessHours, current_tenant_id())
    if row is None:
        return None
    week, dated = _intervals()
    dates = db.session.scalars(select(HoursException).order_by(HoursException.day))
    entered = Entered(
        tuple(week[day] for day in range(7)),
        tuple(DatedHours(each.day, each.note, each.as_usual, dated[each.id]) for each in dates),
        row.holidays,
        row.region,
        tuple(row.open_holidays),
    )
    return Stored(entered, row.version)


OfDay = defaultdict[int, tuple[Interval, ...]]


def _intervals() -> tuple[OfDay, OfDay]:
    """By weekday, and by the id of their exception, in order."""
    week, dated = OfDay(tuple), OfDay(tuple)
    for row in db.session.scalars(select(OpeningInterval).order_by(OpeningInterval.opens)):
        interval = Interval(row.opens, row.closes)
        if row.exception_id is None:
            week[row.weekday or 0] += (interval,)
        else:
            dated[row.exception_id] += (interval,)
    return week, dated
