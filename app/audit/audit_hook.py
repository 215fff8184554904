"""What somebody changes is logged in the transaction that changes it, and rolled back with it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from app.audit import row_changes
from app.audit.acting import current_actor
from app.audit.audited import AUDITED, Audited
from app.audit.row_changes import Changes
from app.audit.write_entries import Entry, write
from app.models import AuditAction, Customer, Tenant


@event.listens_for(Session, "after_flush")
def log_changes(session: Session, _context: UOWTransaction) -> None:
    """One entry for each row of the declared models, where somebody acts."""
    actor = current_actor()
    if actor is None:
        return
    entries = [
        *_entries(AuditAction.CREATED, session.new, row_changes.created),
        *_entries(AuditAction.CHANGED, session.dirty, row_changes.changed),
        *_entries(AuditAction.DELETED, session.deleted, row_changes.deleted),
    ]
    if entries:
        write(session, actor, entries)


def _entries(
    action: AuditAction, rows: Iterable[Any], told: Callable[[Any, Audited], Changes]
) -> Iterator[Entry]:
    for row in rows:
        kind = AUDITED.get(type(row))
        changes = told(row, kind) if kind else {}
        if kind and (changes or action != AuditAction.CHANGED):
            yield _entry(action, row, kind, changes)


def _entry(action: AuditAction, row: Any, kind: Audited, changes: Changes) -> Entry:
    """Without asking the database: it is in the middle of a flush."""
    known = vars(row)
    return {
        "tenant_id": known.get("id" if isinstance(row, Tenant) else "tenant_id"),
        "action": action,
        "row_kind": row.__tablename__,
        "row_id": known.get("id"),
        "row_name": _name(row, kind),
        "customer_id": known.get("id" if isinstance(row, Customer) else "customer_id"),
        "changes": changes,
    }


def _name(row: Any, kind: Audited) -> str:
    """As a person knows it."""
    return " ".join(str(part) for name in kind.named_by if (part := vars(row).get(name)))
