"""Somebody asks that a customer be erased: from then on nothing is sent to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app import live, tasks
from app.audit.acting import current_actor
from app.audit.audit_record import record
from app.extensions import db
from app.models import AuditAction, Customer, Erasure, ErasureState, OptOut
from app.privacy import transitions
from app.privacy.forget_rows import counted
from app.privacy.person import Person
from app.tenancy import current_tenant_id


def ask(customer: Customer, now: datetime) -> None:
    """Asked again it changes nothing. Commits."""
    actor, customer_id = current_actor(), customer.id
    if transitions.ask(customer_id, actor.name if actor else "", now):
        # Without a name, and as no entry of theirs, which would go with them.
        record(AuditAction.ERASED, row_kind="customer", row_id=customer_id)
    db.session.commit()
    tasks.enqueue(tasks.Task.ERASE_PEOPLE)
    live.publish(current_tenant_id(), customer_id)


def asked(customer_id: int) -> Erasure | None:
    """The erasure of the customer, where it is asked for and nothing of them has gone."""
    theirs = Erasure.customer_id == customer_id, Erasure.state == ErasureState.ASKED
    return db.session.scalar(select(Erasure).where(*theirs))


def foreseen(who: Person) -> tuple[dict[str, int], int]:
    """How many rows of each table would go, and how many opt-outs stay as a keyed hash."""
    stays: Any = select(func.count()).select_from(OptOut).where(OptOut.address.in_(who.addresses))
    return counted(who), db.session.scalar(stays) or 0


def latest(most: int = 100) -> list[Erasure]:
    """Of the tenant in scope, the newest first."""
    newest = select(Erasure).order_by(Erasure.id.desc()).limit(most)
    return list(db.session.scalars(newest.execution_options(populate_existing=True)))
