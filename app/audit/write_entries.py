"""Entries of the log, as they come to be rows."""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any, Required, TypedDict

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.audit.acting import Actor
from app.lib.time.clock import now
from app.models import AuditAction, AuditEntry, PlatformAuditEntry
from app.tenancy import tenant_id_in_scope, unscoped

WHY = "who signs in is in no business yet, and an operator acts in any or in none"
# An entry of no business has none of these.
OF_BUSINESSES = ("tenant_id", "customer_id")


class Entry(TypedDict, total=False):
    """As the columns of AuditEntry."""

    tenant_id: Required[int | None]
    """None: it concerns no business."""
    action: Required[AuditAction]
    row_kind: str | None
    row_id: int | None
    row_name: str
    customer_id: int | None
    changes: dict[str, list[Any]]
    facts: dict[str, Any]


def write(session: Session, actor: Actor | None, entries: Iterable[Entry]) -> None:
    """In the session's transaction: one statement for those of businesses, one for the others."""
    ours, platforms = list[dict[str, Any]](), list[dict[str, Any]]()
    for each in entries:
        row = {**_by(actor), **each}
        (platforms if each["tenant_id"] is None else ours).append(row)
    with _reach(ours, actor):
        if ours:
            session.execute(insert(AuditEntry), ours)
        if platforms:
            session.execute(insert(PlatformAuditEntry), [_of_none(row) for row in platforms])


def _by(actor: Actor | None) -> dict[str, Any]:
    if actor is None:
        return {"at": now(), "actor_id": None, "actor_name": "", "by_operator": False}
    return {
        "at": now(),
        "actor_id": actor.id,
        "actor_name": actor.name,
        "by_operator": actor.by_operator,
    }


def _reach(rows: list[dict[str, Any]], actor: Actor | None) -> Any:
    """Usually they are of the business in scope, whose transaction goes on as it is. Who works in
    one writes into no other's log: that PostgreSQL refuses. An operator does."""
    across = tenant_id_in_scope() is None or (actor is not None and actor.by_operator)
    if not across or all(row["tenant_id"] == tenant_id_in_scope() for row in rows):
        return nullcontext()
    return unscoped(WHY)


def _of_none(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in OF_BUSINESSES}
