"""What a row of a file makes and changes, as it is flushed: so that it can be undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.orm.attributes import get_history

from app.extensions import Model, db
from app.models import (
    Appointment,
    ConsentEvent,
    ContactPoint,
    Customer,
    ImportChange,
    MarketingConsent,
    Service,
    StaffMember,
)

# Of each kind of row the columns that a file may set; what refers to another comes after it.
WATCHED: dict[type[Any], tuple[str, ...]] = {
    Service: ("name", "duration_minutes", "active"),
    StaffMember: ("name", "active"),
    Customer: ("first_name", "last_name", "language", "preferred_channel", "external_id"),
    ContactPoint: ("customer_id", "channel", "address"),
    Appointment: (
        "customer_id",
        "service_id",
        "staff_member_id",
        "starts_at",
        "duration_minutes",
        "status",
        "external_id",
    ),
    ConsentEvent: ("channel", "address", "said"),
    MarketingConsent: ("channel", "address", "said"),
}
ORDER = {kind: place for place, kind in enumerate(WATCHED)}
KINDS: dict[str, type[Any]] = {kind.__tablename__: kind for kind in WATCHED}


class Change(NamedTuple):
    row: Model
    before: dict[str, Any] | None
    """Of what was changed; None: it was made."""


@contextmanager
def recording() -> Iterator[list[Change]]:
    """The changes of the session as long as it lasts, each row once."""
    found: dict[int, Change] = {}

    def note(session: Any, *_: object) -> None:
        for row in (*session.new, *session.dirty):
            if type(row) in WATCHED:
                _note(found, row, None if row in session.new else _before(row))

    changes: list[Change] = []
    event.listen(db.session(), "before_flush", note)
    try:
        yield changes
    finally:
        event.remove(db.session(), "before_flush", note)
        changes.extend(sorted(found.values(), key=lambda each: ORDER[type(each.row)]))


def _note(found: dict[int, Change], row: Model, before: dict[str, Any] | None) -> None:
    """What stood there first is what stood there before."""
    known = found.get(id(row))
    if known is None and before != {}:
        found[id(row)] = Change(row, before)
    elif known and known.before is not None:
        found[id(row)] = Change(row, (before or {}) | known.before)


def _before(row: Any) -> dict[str, Any]:
    histories = {name: get_history(row, name) for name in WATCHED.get(type(row), ())}
    return {
        name: plain(history.deleted[0])
        for name, history in histories.items()
        if history.has_changes() and history.deleted
    }


def kept(change: Change, import_id: int, line: int, now: datetime) -> ImportChange:
    """The change as a row, which is not in the session yet."""
    names = WATCHED[type(change.row)] if change.before is None else change.before
    return ImportChange(
        import_id=import_id,
        line=line,
        what=change.row.__tablename__,
        row_id=change.row.id,  # type: ignore[attr-defined]
        before=change.before,
        after=values(change.row, names),
        at=now,
    )


def values(row: Any, names: Any) -> dict[str, Any]:
    """Those columns as they are kept."""
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    """As JSON has it."""
    return value.isoformat() if isinstance(value, datetime) else value
