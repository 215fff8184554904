"""A quota: what a business may use of the platform's Twilio account in a day, and what it has.

The day is its local one. Of its segments a fifth is kept for what people write: what goes out
by itself ends before, so that a flood of it silences nobody. Where a day's were used up, the next
day's begin when the night is over, as what waits should wake nobody at midnight.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Interval,
    and_,
    any_,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.lib.memo import memoized
from app.lib.time import zones
from app.lib.time.clock import wall_time
from app.models import Message, Spending, Spent, Tenant
from app.prepared import Prepared, Question, given

BILLED = [channel.key for channel in CHANNELS.values() if channel.provider == "twilio"]
LIMITS = {
    Spent.SEGMENTS: Tenant.segments_a_day,
    Spent.CALLS: Tenant.calls_a_day,
    Spent.STRANGERS: Tenant.strangers_a_day,
}
# On what terms a business uses the platform's account.
TERMS = (
    Tenant.pays_itself.label("pays_itself"),
    Tenant.country,
    Tenant.open_countries,
    Tenant.timezone,
    Tenant.segments_a_day,
)
AUTOMATIC = Message.author_id.is_(None)
# One part of so many is kept for what people write.
RESERVE = 5
NEARLY, ALL = 80, 100


@dataclass(frozen=True)
class Use:
    """What a business has used of a limit today."""

    kind: Spent
    used: int
    limit: int

    @property
    def level(self) -> int:
        """Which level of the limit was reached, in percent: 0, 80 or 100."""
        if self.used >= self.limit:
            return ALL
        return NEARLY if self.used * 100 >= self.limit * NEARLY else 0


_COUNTED = Prepared(
    lambda *row: row,
    select(Spending.kind, Spending.day, Spending.used).where(
        Spending.day == any_(given("days", ARRAY(Date)))
    ),
)


def uses(tenant: Tenant, now: datetime) -> list[Use]:
    """What the tenant in scope must be told: each limit that it has nearly or wholly used."""
    return asked_uses(tenant, now).answer


def asked_uses(tenant: Tenant, now: datetime) -> Question[list[Use]]:
    in_days = list(days(Spent.SEGMENTS, tenant, now))
    return _COUNTED.question(lambda rows: _strained(rows, tenant, now), days=in_days)


def _strained(rows: Iterable[tuple[str, date, int]], tenant: Tenant, now: datetime) -> list[Use]:
    if tenant.pays_itself:
        return []
    so_far = {(kind, day): used for kind, day, used in rows}
    found = [
        Use(kind, max(so_far.get((kind, day), 0) for day in days(kind, tenant, now)), most)
        for kind, most in ((kind, limit(tenant, kind)) for kind in Spent)
    ]
    return [use for use in found if use.level and (use.used or use.kind is Spent.SEGMENTS)]


def works(tenant: Tenant, channel: Channel, at: datetime) -> bool:
    """Whether an automatic message on the channel could leave at that time, as things stand."""
    if channel.key not in BILLED or tenant.pays_itself:
        return True
    gone = used(Spent.SEGMENTS, days(Spent.SEGMENTS, tenant, at))
    return bool(gone < for_automatic(tenant.segments_a_day))


def for_automatic(whole: Any) -> Any:
    """How much of a day's segments what goes out by itself may use."""
    return whole - whole // RESERVE


def limit(tenant: Tenant, kind: Spent) -> int:
    """What the operator lets the tenant use in a day."""
    return int(getattr(tenant, LIMITS[kind].key))


def days(kind: Spent, tenant: Tenant, at: datetime) -> frozenset[date]:
    """The tenant's day at that time; of segments in the night the one before, too."""
    wall = wall_time(at, tenant.timezone).replace(tzinfo=None)
    night = tenant.quiet_until if kind is Spent.SEGMENTS and tenant.quiet_until else time(0)
    return frozenset(
        {wall.date(), (wall - timedelta(hours=night.hour, minutes=night.minute)).date()}
    )


def used(kind: Spent, in_days: Collection[date]) -> int:
    """The most that the tenant in scope has used in one of the days, today or later."""
    so_far = memoized(("used", kind), lambda: _latest(kind))
    return max(so_far.get(day, 0) for day in in_days)


def _latest(kind: Spent) -> dict[date, int]:
    # Nothing is used ahead: whatever day is asked about, these are the ones that can be known.
    query = select(Spending.day, Spending.used).where(Spending.kind == kind)
    rows = db.session.execute(query.order_by(Spending.day.desc()).limit(2))
    return {row.day: row.used for row in rows}


def exhausted(
    now: datetime,
    tenant_id: Any = Message.tenant_id,
    channel: Any = Message.channel,
    automatic: Any = AUTOMATIC,
) -> ColumnElement[bool]:
    """The condition that a message must wait for another day: by default one of the outbox."""
    return exhausted_at(now, literal(zones.offsets(now)), tenant_id, channel, automatic)


def exhausted_at(
    now: Any, offsets: ColumnElement[str], tenant_id: Any, channel: Any, automatic: Any
) -> ColumnElement[bool]:
    """The same of a time that is perhaps given later, with what zones.offsets says of it."""
    local = _wall_time(now, offsets)
    night = cast(func.coalesce(Tenant.quiet_until, time(0)), Interval)
    whole = Tenant.segments_a_day
    most = case((automatic, for_automatic(whole)), else_=whole)
    its = and_(
        Spending.tenant_id == Tenant.id,
        Spending.kind == Spent.SEGMENTS,
        Spending.day.in_((cast(local, Date), cast(local - night, Date))),
    )
    gone = select(Tenant.id).outerjoin(Spending, its).where(Tenant.id == tenant_id)
    gone = gone.where(~Tenant.pays_itself, func.coalesce(Spending.used, 0) >= most)
    return and_(channel.in_(BILLED), gone.exists())


def _wall_time(now: Any, offsets: ColumnElement[str]) -> ColumnElement[datetime]:
    """Of a Tenant, by our zones: PostgreSQL's own may be of another date."""
    # Read once a statement, and not for each tenant.
    read = select(cast(offsets, JSONB)).scalar_subquery()
    ahead = cast(read.op("->>")(Tenant.timezone), Integer)
    utc = func.timezone("UTC", now, type_=DateTime())
    return utc + ahead * literal(timedelta(seconds=1))
