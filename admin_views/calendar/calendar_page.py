"""What the calendar shows of a day or a week: columns, their blocks, and where the line is now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from app.appointments import diary
from app.appointments.layout import Block, blocks
from app.appointments.rules import CANCELLED
from app.extensions import db
from app.lib.time.business_time import BusinessTime
from app.lib.time.clock import wall_time
from app.models import Appointment, StaffMember, Tenant

# What is shown of an empty day; earlier and later appointments make it longer.
OPENS, CLOSES = 8, 19
SPANS = {"day": 1, "week": 7}
NOBODY = "Anyone"


@dataclass(frozen=True)
class Column:
    title: str
    day: date
    staff_member_id: int | None
    blocks: list[Block]


@dataclass(frozen=True)
class Page:
    view: str
    day: date
    today: date
    now: int
    """The minute of today that the wall clock shows."""
    columns: list[Column]
    agenda: list[tuple[date, list[Appointment]]]
    """The same by day and time, for narrow screens and programs."""
    cancelled: int
    more: bool
    """Whether there are appointments that are not shown."""

    @property
    def days(self) -> list[date]:
        return [day for day, _ in self.agenda]

    @property
    def earlier(self) -> list[tuple[date, list[Appointment]]]:
        """What is over of the agenda, as long as there is something to come in it."""
        return [each for each in self.agenda if each[0] < self.today <= self.days[-1]]

    @property
    def hours(self) -> range:
        shown = [block for column in self.columns for block in column.blocks]
        first = min((block.start // 60 for block in shown), default=OPENS)
        last = max((-(-block.end // 60) for block in shown), default=CLOSES)
        return range(min(first, OPENS), max(last, CLOSES))

    def beside(self, spans: int) -> date:
        """The day of the page so many days or weeks away."""
        return self.day + timedelta(days=spans * SPANS[self.view])


def span(day: date, view: str, there: BusinessTime, today: date) -> list[date]:
    """The days that are shown: the day itself, or its week, and on the last day of this week
    tomorrow, too."""
    first = there.week(day) if view == "week" else day
    days = [first + timedelta(days=each) for each in range(SPANS[view])]
    tomorrow = [today + timedelta(days=1)] if view == "week" and days[-1] == today else []
    return days + tomorrow


def page(day: date, view: str, tenant: Tenant, now: datetime, with_cancelled: bool) -> Page:
    """One statement for the appointments, whatever their number, and one for the staff."""
    zone, there = ZoneInfo(tenant.timezone), wall_time(now, tenant.timezone)
    days = span(day, view, BusinessTime(tenant.timezone, tenant.locale), there.date())
    found = diary.between(_midnight(days[0], zone), _midnight(days[-1] + timedelta(1), zone))
    more, found = len(found) > diary.MOST, found[: diary.MOST]
    kept = [each for each in found if with_cancelled or each.status != CANCELLED]
    make = _by_day if view == "week" else _by_person
    return Page(
        view,
        day,
        there.date(),
        there.hour * 60 + there.minute,
        make(days, kept, tenant.timezone),
        [(each, _on(kept, each, zone)) for each in days],
        sum(each.status == CANCELLED for each in found),
        more,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _on(appointments: Iterable[Appointment], day: date, zone: ZoneInfo) -> list[Appointment]:
    return [each for each in appointments if each.starts_at.astimezone(zone).date() == day]


def _by_day(days: list[date], found: list[Appointment], timezone: str) -> list[Column]:
    return [Column(f"{day:%a} {day.day}", day, None, blocks(found, day, timezone)) for day in days]


def _by_person(days: list[date], found: list[Appointment], timezone: str) -> list[Column]:
    """A column for everybody who takes appointments, or has one; and one for the rest."""
    busy = {each.staff_member_id for each in found}
    people: Iterable[Any] = db.session.execute(
        select(StaffMember.id, StaffMember.name)
        .where(or_(StaffMember.active, StaffMember.id.in_(busy - {None})))
        .order_by(StaffMember.name)
    )
    return [
        Column(
            name,
            days[0],
            id_,
            blocks([each for each in found if each.staff_member_id == id_], days[0], timezone),
        )
        for id_, name in [*people, (None, NOBODY)]
    ]
