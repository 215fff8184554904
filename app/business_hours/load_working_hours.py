"""Who works when: all of a business's rows, read once, to be asked about anybody."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Date, select

from app.business_hours.load_hours import Stored, opening_hours, stored
from app.business_hours.opening_hours import Interval, OpeningHours
from app.business_hours.working_hours import Off, Week, WorkingHours, of_person
from app.extensions import db
from app.lib.memo import memoized
from app.models import StaffInterval, StaffMember, Tenant, TimeOff
from app.prepared import Prepared, given
from app.tenancy import current_tenant_id


@dataclass(frozen=True)
class Schedule:
    """When the business is open, and everybody works."""

    zone: ZoneInfo
    business: OpeningHours | None
    usual: Mapping[date, bool]
    weeks: Mapping[int, Week]
    """Of those who have hours of their own."""
    off: Mapping[int, tuple[Off, ...]]

    def of(self, staff_member_id: int | None) -> WorkingHours:
        """Of a staff member; None: of nobody in particular, which is while the business is open."""
        if staff_member_id not in self._known:
            self._known[staff_member_id] = self._of(staff_member_id)
        return self._known[staff_member_id]

    @cached_property
    def _known(self) -> dict[int | None, WorkingHours]:
        return {}

    def _of(self, id_: int | None) -> WorkingHours:
        if id_ is None:
            return WorkingHours(self.business)
        business = self.business
        if business is None and id_ in self.weeks:
            business = OpeningHours(self.zone, {})
        return of_person(business, self.usual, self.weeks.get(id_), self.off.get(id_, ()))


class _Span(NamedTuple):
    staff_member_id: int
    weekday: int
    opens: int
    closes: int


class _Away(NamedTuple):
    staff_member_id: int
    first_day: date
    last_day: date
    note: str


def schedule(since: date) -> Schedule:
    """Of the tenant in scope; who is away only on days before one is left out."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    found = memoized("stored business hours", stored)
    exceptions = found.entered.exceptions if found else ()
    return Schedule(
        ZoneInfo(tenant.timezone),
        _business(found, tenant),
        {each.day: each.as_usual for each in exceptions},
        _weeks(),
        _days_off(since),
    )


def _business(found: Stored | None, tenant: Tenant) -> OpeningHours | None:
    return opening_hours(found.entered, tenant) if found else None


def _weeks() -> dict[int, Week]:
    days: dict[int, dict[int, tuple[Interval, ...]]] = {each: {} for each in _OWN.all()}
    for each in _SPANS.all():
        mine = days.get(each.staff_member_id, {})
        mine[each.weekday] = (*mine.get(each.weekday, ()), Interval(each.opens, each.closes))
    return {id_: tuple(mine.get(day, ()) for day in range(7)) for id_, mine in days.items()}


def _days_off(since: date) -> dict[int, tuple[Off, ...]]:
    off: dict[int, tuple[Off, ...]] = defaultdict(tuple)
    for each in _OFF.all(since=since):
        off[each.staff_member_id] += (Off(each.first_day, each.last_day, each.note),)
    return off


def _id(id_: int, *_more: Any) -> int:
    return id_


_OWN = Prepared(_id, select(StaffMember.id).where(StaffMember.own_hours))
_SPANS = Prepared(
    _Span,
    select(*(getattr(StaffInterval, name) for name in _Span._fields)).order_by(StaffInterval.opens),
)
_OFF = Prepared(
    _Away,
    select(*(getattr(TimeOff, name) for name in _Away._fields))
    .where(TimeOff.last_day >= given("since", Date()))
    .order_by(TimeOff.first_day, TimeOff.id),
)
