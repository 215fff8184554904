"""What will be sent until a time, to whom, with which words, at what price; and who is left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, DateTime, Integer, or_, select

from app.extensions import db
from app.lib.time.clock import local_day
from app.models import Appointment, Customer, Notification, NotificationStatus, Tenant
from app.notifications.causes import Cause
from app.notifications.content.cost import Cost, cost, price
from app.notifications.decision.decide import Send
from app.notifications.decision.loading import loaded
from app.notifications.decision.preload import deciding
from app.notifications.forecast.foresee import foresee
from app.notifications.forecast.why import rule
from app.notifications.settings import quiet_hours
from app.prepared import Prepared, given
from app.tenancy import current_tenant_id

MOST = 200
# Somebody may send one while the page is made.
ENDED = (NotificationStatus.SKIPPED, NotificationStatus.CANCELLED)
# How long before its appointment a message can have been due that was left out.
LONGEST_LEAD = timedelta(days=15)


@dataclass(frozen=True)
class Entry:
    """A message that goes out, with all that it tells of, or one that does not."""

    row: Notification
    at: datetime
    """When it goes, or would have gone."""
    send: Send | None = None
    cost: Cost | None = None
    rule: str = ""
    reason: str = ""
    """Why it does not go; empty where it does."""
    quiet: bool = False
    """Whether the customer has quiet hours now."""

    @property
    def customer(self) -> Customer:
        return self.row.customer


@dataclass(frozen=True)
class Preview:
    until: datetime
    entries: list[Entry]
    """In the order of their times."""
    more: bool
    """Whether there is more than is shown."""
    segments: int
    price: str
    """In the tenant's currency; empty where it has not said what a segment costs."""

    def __str__(self) -> str:
        """E.g. 12 to send, 20 segments, about $0.16; 3 left out."""
        billed = f", {self.segments} segment{'' if self.segments == 1 else 's'}"
        price = f", about {self.price}" if self.price else ""
        going = f"{len(self.going)} to send{f'{billed}{price}' if self.segments else ''}"
        return f"{going}; {len(self.left_out)} left out"

    @property
    def going(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.reason]

    @property
    def left_out(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.reason]


def end_of_tomorrow(now: datetime, timezone: str) -> datetime:
    """The midnight after the tenant's tomorrow."""
    day = local_day(now, timezone) + timedelta(days=2)
    return datetime.combine(day, time(), ZoneInfo(timezone))


def preview(now: datetime, until: datetime) -> Preview:
    """As things stand: as the dispatcher would decide each at its time. Writes nothing."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    planned = _PLANNED.all(until=until, most=MOST + 1)
    left_out = _LEFT_OUT.all(now=now, until=until, far=until + LONGEST_LEAD, most=MOST + 1)
    rows = loaded([*planned[:MOST], *left_out[:MOST]])
    coming = [row for row in rows if row.status == NotificationStatus.PLANNED]
    with deciding(coming, now):
        found = [_foreseen(row, tenant, now) for row in coming]
    entries = list(_joined(entry for entry in found if entry.at < until))
    entries += [Entry(row, row.due_at, reason=row.reason) for row in rows if row.status in ENDED]
    segments = sum(entry.cost.segments for entry in entries if entry.cost)
    return Preview(
        until,
        sorted(entries, key=lambda entry: (entry.at, entry.row.id)),
        max(len(planned), len(left_out)) > MOST,
        segments,
        price(segments, tenant),
    )


def _joined(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Those that go in one message as one, by the first of them."""
    told = set[int]()
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.row.due_at, entry.row.id)):
        if entry.row.id not in told:
            yield entry
        told |= {row.id for row in entry.send.rows} if entry.send else set()


def _foreseen(row: Notification, tenant: Tenant, now: datetime) -> Entry:
    at, verdict = foresee(row, now)
    quiet = quiet_hours(tenant, row.customer)
    quiet_now = quiet is not None and quiet.holds(now)
    if not isinstance(verdict, Send):
        return Entry(row, at, reason=verdict.reason, quiet=quiet_now)
    costs = cost(verdict.wording.body, verdict.route.channel, tenant)
    return Entry(row, at, verdict, costs, rule(row, tenant), quiet=quiet_now)


_UNTIL = given("until", DateTime(timezone=True))
_NOW = given("now", DateTime(timezone=True))


def _first(*which: ColumnElement[bool]) -> Prepared[int]:
    """The ids of those, by their time."""
    query = select(Notification.id).where(*which)
    ordered = query.order_by(Notification.due_at, Notification.id)
    return Prepared(int, ordered.limit(given("most", Integer())))


def _begins(until: ColumnElement[datetime]) -> ColumnElement[bool]:
    coming = select(Appointment.id).where(Appointment.starts_at.between(_NOW, until))
    return Notification.appointment_id.in_(coming)


_PLANNED = _first(Notification.status == NotificationStatus.PLANNED, Notification.due_at < _UNTIL)
# What ended before its time came, of appointments that begin until then or are told of.
_LEFT_OUT = _first(
    _begins(given("far", DateTime(timezone=True))),
    or_(Notification.status == NotificationStatus.SKIPPED, Notification.cause == Cause.BY_STAFF),
    Notification.cause != Cause.NOT_ASKED,
    or_(Notification.due_at.between(_NOW, _UNTIL), _begins(_UNTIL)),
)
