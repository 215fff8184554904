"""A tenant admin's hours in the place of those before."""

from calendar import day_abbr
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, delete, update
from sqlalchemy.dialects.postgresql import Insert, insert

from app.audit.audit_record import record
from app.business_hours.hours_form import DatedHours, Entered
from app.business_hours.load_hours import stored
from app.business_hours.opening_hours import LIMIT, Interval
from app.extensions import db
from app.models import AuditAction, BusinessHours, HoursException, OpeningInterval
from app.tenancy import current_tenant_id

QUIET = {"synchronize_session": False}


class Outdated(ValueError):
    """Somebody else has changed the hours meanwhile."""


def save(entered: Entered, seen: int, now: datetime) -> None:
    """Part of the caller's transaction; seen: the version that they have changed, 0 for none.

    Raises Outdated, and has changed nothing.
    """
    before = stored()
    if not _take(entered, seen, now):
        raise Outdated
    _log(before.entered if before else None, entered)
    db.session.execute(delete(OpeningInterval), execution_options=QUIET)
    db.session.execute(delete(HoursException), execution_options=QUIET)
    for weekday, intervals in enumerate(entered.week):
        rows = (OpeningInterval(weekday=weekday, **one._asdict()) for one in intervals)
        db.session.add_all(rows)
    # Nobody asks about a closing so long ago.
    first = now.date() - timedelta(days=LIMIT + 2)
    db.session.add_all(_rows(each for each in entered.exceptions if each.day >= first))
    db.session.flush()


def _log(before: Entered | None, after: Entered) -> None:
    changes: dict[str, list[Any]] = {
        "week": [_week(before) if before else None, _week(after)],
        "exceptions": [_days(before) if before else None, _days(after)],
        "holidays": [before.holidays if before else None, after.holidays],
    }
    changed = {name: both for name, both in changes.items() if both[0] != both[1]}
    record(AuditAction.CHANGED, row_kind="business_hours", changes=changed)


def _week(entered: Entered) -> list[str]:
    return week_told(entered.week)


def week_told(week: Iterable[Iterable[Interval]]) -> list[str]:
    """As the log tells it, such as Mon 09:00 to 12:30; without the days that have none."""
    days = ((day, _spans(spans)) for day, spans in zip(day_abbr, week, strict=True))
    return [f"{day} {told}" for day, told in days if told]


def _days(entered: Entered) -> list[str]:
    return [
        f"{each.day} {'as usual' if each.as_usual else _spans(each.intervals) or 'closed'}"
        for each in entered.exceptions
    ]


def _spans(intervals: Iterable[Interval]) -> str:
    """Such as 09:00 to 12:30, as a clock shows them."""
    return " ".join(f"{_clock(one.opens)}–{_clock(one.closes)}" for one in intervals)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _take(entered: Entered, seen: int, now: datetime) -> bool:
    """Whether the version is still the one seen; from now on it is the next, and the row locked."""
    values = {
        "holidays": entered.holidays,
        "region": entered.region,
        "open_holidays": list(entered.open_holidays),
        "changed_at": now,
    }
    change = _next(seen, values) if seen else _first(values)
    return db.session.scalar(change.returning(BusinessHours.version)) is not None


def _next(seen: int, values: Mapping[str, Any]) -> Update:
    same = update(BusinessHours).where(BusinessHours.version == seen)
    following = same.values(version=BusinessHours.version + 1, **values)
    return following.execution_options(**QUIET)


def _first(values: Mapping[str, Any]) -> Insert:
    row = insert(BusinessHours).values(tenant_id=current_tenant_id(), version=1, **values)
    return row.on_conflict_do_nothing()


def _rows(exceptions: Iterable[DatedHours]) -> Iterable[HoursException]:
    for each in exceptions:
        intervals = [OpeningInterval(**one._asdict()) for one in each.intervals]
        yield HoursException(
            day=each.day, note=each.note, as_usual=each.as_usual, intervals=intervals
        )
