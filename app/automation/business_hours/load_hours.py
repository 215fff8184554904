"""A business's rows, read once, to be asked about any number of instants."""

from collections import defaultdict
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.automation.business_hours import public_holidays
from app.automation.business_hours.opening_hours import Interval, OpeningHours
from app.extensions import db
from app.models import BusinessHours, HoursException, OpeningInterval, Tenant
from app.tenancy import current_tenant_id


def of_tenant() -> OpeningHours | None:
    """Of the tenant in scope, in five statements; None: it has never said when it is open."""
    row = db.session.get(BusinessHours, current_tenant_id())
    if row is None:
        return None
    tenant = db.session.get_one(Tenant, row.tenant_id)
    week, dated = _intervals()
    exceptions = db.session.scalars(select(HoursException))
    closed = partial(public_holidays.closed, tenant.country, row.region, tuple(row.open_holidays))
    return OpeningHours(
        ZoneInfo(tenant.timezone),
        week,
        {
            each.day: (
                week.get(each.day.weekday(), ()) if each.as_usual else dated.get(each.id, ())
            )
            for each in exceptions
        },
        closed if row.holidays else lambda day: False,
    )


def _intervals() -> tuple[dict[int, tuple[Interval, ...]], dict[int, tuple[Interval, ...]]]:
    """By weekday, and by the id of their exception, in order."""
    week: defaultdict[int, tuple[Interval, ...]] = defaultdict(tuple)
    dated: defaultdict[int, tuple[Interval, ...]] = defaultdict(tuple)
    for row in db.session.scalars(select(OpeningInterval).order_by(OpeningInterval.opens)):
        if row.weekday is not None:
            week[row.weekday] += (Interval(row.opens, row.closes),)
        elif row.exception_id is not None:
            dated[row.exception_id] += (Interval(row.opens, row.closes),)
    return dict(week), dict(dated)
