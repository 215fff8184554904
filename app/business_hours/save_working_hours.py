"""A staff member's hours and days off in the place of those before."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update

from app.audit.audit_record import record
from app.business_hours.opening_hours import Interval
from app.business_hours.save_hours import QUIET, Outdated, week_told
from app.business_hours.working_hours import Off, Week
from app.extensions import db
from app.models import AuditAction, StaffInterval, StaffMember, TimeOff


class Working(NamedTuple):
    """What an admin enters of one who works there."""

    week: Week | None
    """None: they work while the business is open."""
    off: tuple[Off, ...]


def working_of(person: StaffMember, since: date) -> Working:
    """What is stored of them, but for days off before a day."""
    return Working(_week(person) if person.own_hours else None, _off(person.id, since))


def save_working(person: StaffMember, entered: Working, seen: int, today: date) -> None:
    """Part of the caller's transaction; seen: the version that was changed (hours_version). Days
    off that are over stay as they are.

    Raises Outdated, and has changed nothing.
    """
    before = working_of(person, today)
    if not _take(person, entered.week is not None, seen):
        raise Outdated
    _log(person, before, entered)
    theirs = TimeOff.staff_member_id == person.id, TimeOff.last_day >= today
    db.session.execute(delete(TimeOff).where(*theirs), execution_options=QUIET)
    if entered.week is not None:
        _put(person.id, entered.week)
    for off in entered.off:
        db.session.add(
            TimeOff(
                staff_member_id=person.id, first_day=off.first, last_day=off.last, note=off.note
            )
        )
    db.session.flush()


def _take(person: StaffMember, own: bool, seen: int) -> bool:
    """Whether the version is still the one seen; from now on it is the next, and the row locked."""
    same = update(StaffMember).where(StaffMember.id == person.id, StaffMember.hours_version == seen)
    values = {"own_hours": own, "hours_version": seen + 1}
    taken = same.values(values).returning(StaffMember.id)
    return db.session.scalar(taken, execution_options=QUIET) is not None


def _put(staff_member_id: int, week: Week) -> None:
    theirs = StaffInterval.staff_member_id == staff_member_id
    db.session.execute(delete(StaffInterval).where(theirs), execution_options=QUIET)
    for weekday, spans in enumerate(week):
        db.session.add_all(
            StaffInterval(staff_member_id=staff_member_id, weekday=weekday, **each._asdict())
            for each in spans
        )


def _week(person: StaffMember) -> Week:
    query = select(StaffInterval).where(StaffInterval.staff_member_id == person.id)
    rows = db.session.scalars(query.order_by(StaffInterval.opens)).all()
    return tuple(
        tuple(Interval(each.opens, each.closes) for each in rows if each.weekday == day)
        for day in range(7)
    )


def _off(staff_member_id: int, since: date) -> tuple[Off, ...]:
    query = select(TimeOff).where(
        TimeOff.staff_member_id == staff_member_id, TimeOff.last_day >= since
    )
    rows = db.session.scalars(query.order_by(TimeOff.first_day, TimeOff.id))
    return tuple(Off(each.first_day, each.last_day, each.note) for each in rows)


def _log(person: StaffMember, before: Working, after: Working) -> None:
    told = [_told(before), _told(after)]
    changes: dict[str, list[Any]] = {
        name: [told[0][name], told[1][name]] for name in told[0] if told[0][name] != told[1][name]
    }
    kind = {"row_kind": "staff_member", "row_id": person.id, "row_name": person.name}
    record(AuditAction.CHANGED, **kind, changes=changes)


def _told(working: Working) -> dict[str, Any]:
    return {
        "hours": week_told(working.week) if working.week else "those of the business",
        "away": [f"{each.first} to {each.last}" for each in working.off],
    }
