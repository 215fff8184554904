"""The log as it is read: the newest first, by keyset pages; and what is too old for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select, tuple_

from app.extensions import db
from app.housekeeping import delete_old
from app.models import AuditEntry, PlatformAuditEntry

PAGE = 50
# PostgreSQL refuses to delete an entry that is younger (migration 0079).
KEPT = timedelta(days=730)

Line = AuditEntry | PlatformAuditEntry


class Place(NamedTuple):
    """Of an entry in the order of the log."""

    at: datetime
    id: int


@dataclass(frozen=True)
class Wanted:
    """Which entries; what is None or empty narrows nothing."""

    tenant_id: int | None = None
    """For whoever looks across businesses."""
    actor_id: int | None = None
    by_operator: bool = False
    actions: Sequence[str] = ()
    row_kind: str = ""
    row_id: int | None = None
    customer_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Before which they were written."""


def page(
    wanted: Wanted,
    before: Place | None = None,
    most: int = PAGE,
    *,
    kind: type[AuditEntry] | type[PlatformAuditEntry] = AuditEntry,
) -> tuple[Sequence[Line], Place | None]:
    """The latest of the business in scope, or of all within `unscoped`; and before which place the
    next page ends, None where there is none. kind: likewise of what concerns no business."""
    query: Select[Any] = select(kind).where(*_which(wanted, kind))
    if before is not None:
        query = query.where(tuple_(kind.at, kind.id) < tuple_(*before))
    rows = db.session.scalars(query.order_by(kind.at.desc(), kind.id.desc()).limit(most + 1)).all()
    shown = rows[:most]
    return shown, Place(shown[-1].at, shown[-1].id) if len(rows) > most else None


def _which(wanted: Wanted, kind: Any) -> Iterator[ColumnElement[bool]]:
    for name in ("tenant_id", "actor_id", "row_kind", "row_id", "customer_id"):
        value = getattr(wanted, name)
        if value not in (None, ""):
            yield getattr(kind, name) == value
    if wanted.actions:
        yield kind.action.in_(wanted.actions)
    if wanted.by_operator:
        yield kind.by_operator
    if wanted.since:
        yield kind.at >= wanted.since
    if wanted.until:
        yield kind.at < wanted.until


def forget(now: datetime) -> None:
    """Delete what of no business is older than an entry is kept; how long a business keeps its own,
    it says itself (app/retention/forget_old.py)."""
    delete_old(PlatformAuditEntry, PlatformAuditEntry.at < now - KEPT)
