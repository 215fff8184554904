"""What the calendar shows of a day or a week: columns, their blocks, and where the line is now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from admin_views.calendar.calendar_staff import NOBODY, people, whose
from app.appointments import diary
from app.appointments.diary import Booking
from app.appointments.layout import Block, More, blocks, room_for
from app.appointments.rules import CANCELLED
from app.appointments.shading import Part, away, shaded
from app.business_hours.load_working_hours import Schedule, schedule
from app.lib.time.business_time import BusinessTime
from app.lib.time.clock import wall_time
from app.models import Tenant

# What is shown of an empty day; earlier and later appointments make it longer.
OPENS, CLOSES = 8, 19
SPANS = {"day": 1, "week": 7}
# So many stand side by side in a week: of more no name could be read.
BESIDE = 3


@dataclass(frozen=True)
class Column:
    title: str
    day: date
    staff_member_id: int | None
    blocks: tuple[Block, ...]
    more: tuple[More, ...] = ()
    shaded: tuple[Part, ...] = ()
    """When nobody is expected to work."""
    away: bool = False
    """Whether it is a day off of theirs."""

    @property
    def lanes(self) -> int:
        """How many stand side by side at most."""
        return min(max((block.lanes for block in self.blocks), default=1), 8)


@dataclass(frozen=True)
class Page:
    view: str
    day: date
    today: date
    now: int
    """The minute of today that the wall clock shows."""
    columns: list[Column]
    agenda: tuple[tuple[date, tuple[Booking, ...]], ...]
    """The same by day and time, for narrow screens and programs."""
    cancelled: int
    more: bool
    """Whether there are appointments that are not shown."""
    staff: str
    """Whose it shows (calendar_staff.py)."""
    people: list[tuple[int, str]]

    @property
    def days(self) -> list[date]:
        return [day for day, _ in self.agenda]

    @property
    def earlier(self) -> tuple[tuple[date, tuple[Booking, ...]], ...]:
        """What is over of the agenda, as long as there is something to come in it."""
        return tuple(each for each in self.agenda if each[0] < self.today <= self.days[-1])

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


def page(
    day: date, view: str, tenant: Tenant, now: datetime, with_cancelled: bool, staff: str = ""
) -> Page:
    """One statement for the appointments, whatever their number, and one for the staff; some more
    for when they work. staff as calendar_staff.known() gives it."""
    zone, there = ZoneInfo(tenant.timezone), wall_time(now, tenant.timezone)
    days = span(day, view, BusinessTime(tenant.timezone, tenant.locale), there.date())
    first, end = _midnight(days[0], zone), _midnight(days[-1] + timedelta(1), zone)
    found = diary.between(first, end, whose(staff))
    more, found = len(found) > diary.MOST, found[: diary.MOST]
    kept = [each for each in found if with_cancelled or each.status != CANCELLED]
    everybody = people({each.staff_member_id for each in found})
    chosen = [each for each in everybody if staff in ("", f"{each[0]}")]
    works = schedule(days[0])
    columns = (
        _by_day(days, kept, tenant.timezone)
        if view == "week"
        else _by_person(days[0], kept, tenant.timezone, chosen)
    )
    return Page(
        view,
        day,
        there.date(),
        there.hour * 60 + there.minute,
        [_worked(each, works, whose(staff)) for each in columns],
        tuple((each, _on(kept, each, zone)) for each in days),
        sum(each.status == CANCELLED for each in found),
        more,
        staff,
        everybody,
    )


def _worked(column: Column, works: Schedule, chosen: int | None) -> Column:
    """With what is shaded of it: by whoever's it is, or all are."""
    theirs = works.of(column.staff_member_id or chosen or None)
    parts = shaded(theirs, column.day, works.zone)
    return replace(column, shaded=parts, away=away(theirs, column.day))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _on(bookings: Iterable[Booking], day: date, zone: ZoneInfo) -> tuple[Booking, ...]:
    return tuple(each for each in bookings if each.starts_at.astimezone(zone).date() == day)


def _by_day(days: list[date], found: list[Booking], timezone: str) -> list[Column]:
    """A column for each day, in which no more stand side by side than can be read."""
    return [
        Column(f"{day:%a} {day.day}", day, None, *room_for(blocks(found, day, timezone), BESIDE))
        for day in days
    ]


def _by_person(
    day: date, found: list[Booking], timezone: str, people: Iterable[tuple[int, str]]
) -> list[Column]:
    """A column for each person; and one for anyone's, where there are such, or nobody else is."""
    anyones = [(None, NOBODY)] if any(each.staff_member_id is None for each in found) else []
    columns: list[tuple[int | None, str]] = [*people, *anyones] or [(None, NOBODY)]
    return [
        Column(
            name,
            day,
            id_,
            tuple(blocks([each for each in found if each.staff_member_id == id_], day, timezone)),
        )
        for id_, name in columns
    ]
