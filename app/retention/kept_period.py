"""How long a business keeps its messages, and when those that are older may go."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.lib.time.clock import wall_time
from app.models import Tenant

YEARS = (1, 2, 3, 5, 10)
# A choice can be taken back for so long before anything goes.
SECOND_THOUGHTS = timedelta(hours=24)
# Hours on the wall of the business in which they go.
NIGHT = range(1, 5)


def kept_since(tenant: Tenant, now: datetime) -> datetime | None:
    """Messages of this time and later stay: a month is kept until all of it is old enough. None:
    all stay, for ever."""
    years = tenant.messages_kept_years
    if years is None:
        return None
    today = wall_time(now, tenant.timezone)
    return month_of(today.replace(year=today.year - years, day=1), tenant.timezone)[0]


def month_of(at: datetime, timezone: str) -> tuple[datetime, datetime]:
    """Where the month of the instant begins and ends on the wall of the business, as instants."""
    first = wall_time(at, timezone).date().replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    zone = ZoneInfo(timezone)
    begins, ends = (
        datetime(day.year, day.month, 1, tzinfo=zone).astimezone(UTC) for day in (first, following)
    )
    return begins, ends


def may_go(tenant: Tenant, now: datetime) -> bool:
    """Whether it is night there, and the choice is not of today."""
    chosen = tenant.messages_kept_years is not None
    set_at = tenant.messages_kept_set_at
    settled = set_at is None or now - set_at >= SECOND_THOUGHTS
    return chosen and settled and wall_time(now, tenant.timezone).hour in NIGHT


def first_night(tenant: Tenant, now: datetime) -> date:
    """The day on whose early morning the first may go, where that was chosen now."""
    settled = wall_time(now + SECOND_THOUGHTS, tenant.timezone)
    missed = settled.hour >= NIGHT.stop - 1
    return settled.date() + timedelta(days=1 if missed else 0)


def keep_for(tenant: Tenant, years: int | None, now: datetime) -> None:
    """Part of the caller's transaction. Choosing what holds already changes nothing."""
    if tenant.messages_kept_years != years:
        tenant.messages_kept_years, tenant.messages_kept_set_at = years, now
