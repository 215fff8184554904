"""Deletes what each business keeps no longer, a kind after the other, some rows at a time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from app.extensions import db
from app.lib import shutdown
from app.models import (
    Appointment,
    AuditEntry,
    AutomationEvent,
    Call,
    Conversation,
    DeliveryStatus,
    Direction,
    Message,
    ReceivedEmail,
    Tenant,
    WebhookDelivery,
)
from app.retention.kept_kinds import KINDS, kept_before
from app.tenancy import tenant_scope

AT_ONCE = 500
# An email may be large.
EMAILS_AT_ONCE = 50
OVER = (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED)

Condition = Callable[[datetime], ColumnElement[bool]]


def forget(now: datetime) -> None:
    """Of all businesses; whoever is asked to end leaves the rest to the next time."""
    tenants = db.session.scalars(select(Tenant).order_by(Tenant.id)).all()
    due = {each.id: {kind: kept_before(each, kind, now) for kind in KINDS} for each in tenants}
    db.session.remove()
    for tenant_id, kinds in due.items():
        with tenant_scope(tenant_id):
            for kind, before in kinds.items():
                if before:
                    _forget(kind, before)
        db.session.remove()


def _forget(kind: str, before: datetime) -> None:
    step = _empty_emails if kind == "emails" else lambda at: _delete_some(*DELETED[kind], at)
    while not shutdown.requested() and step(before):
        pass


def _delete_some(model: type[Any], old: Condition, before: datetime) -> bool:
    """Whether there may be more; committed. What others hold is left for the next time."""
    # The reports go on telling what was (migrations 0068, 0087).
    db.session.execute(select(func.set_config("app.archived", "on", True)))
    some = select(model.id).where(old(before)).order_by(model.id).limit(AT_ONCE)
    ids: Sequence[int] = db.session.scalars(some.with_for_update(skip_locked=True, of=model)).all()
    gone = delete(model).where(model.id.in_(ids))
    db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.commit()
    return len(ids) == AT_ONCE


def _empty_emails(before: datetime) -> bool:
    """Likewise, of what an email is beside its text: by its row it is still known."""
    some = (
        select(ReceivedEmail.id)
        .join(Message, and_(_same(Message, ReceivedEmail), Message.id == ReceivedEmail.message_id))
        .where(Message.created_at < before, ReceivedEmail.has_html | (ReceivedEmail.whole != ""))
        .order_by(ReceivedEmail.id)
        .limit(EMAILS_AT_ONCE)
    )
    locked = some.with_for_update(skip_locked=True, of=ReceivedEmail)
    ids: Sequence[int] = db.session.scalars(locked).all()
    emptied = update(ReceivedEmail).where(ReceivedEmail.id.in_(ids)).values(html="", whole="")
    db.session.execute(emptied.execution_options(synchronize_session=False))
    db.session.commit()
    return len(ids) == EMAILS_AT_ONCE


def _old_calls(before: datetime) -> ColumnElement[bool]:
    shown = exists().where(_same(Conversation, Call), Conversation.last_call_id == Call.id)
    return and_(Call.started_at < before, Call.outcome != "ringing", ~shown)


def _old_appointments(before: datetime) -> ColumnElement[bool]:
    """Of people who were not seen since: neither who booked nor who comes."""
    return and_(Appointment.starts_at < before, ~_seen(Appointment.customer_id, before)) & or_(
        Appointment.attendee_id.is_(None), ~_seen(Appointment.attendee_id, before)
    )


def _seen(person: Any, before: datetime) -> ColumnElement[bool]:
    """Whether the customer whose id that column is had an appointment since, wrote or rang."""
    later = aliased(Appointment)
    wrote = Message.direction == Direction.INBOUND, Message.created_at >= before
    return or_(
        exists().where(
            _same(later, Appointment),
            or_(later.customer_id == person, later.attendee_id == person),
            later.starts_at >= before,
        ),
        exists().where(_same(Message, Appointment), Message.customer_id == person, *wrote),
        exists().where(
            _same(Call, Appointment), Call.customer_id == person, Call.started_at >= before
        ),
    )


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    """Of the same business."""
    same: ColumnElement[bool] = one.tenant_id == other.tenant_id
    return same


DELETED: Mapping[str, tuple[type[Any], Condition]] = {
    "calls": (Call, _old_calls),
    "appointments": (Appointment, _old_appointments),
    # With their runs.
    "rule_runs": (
        AutomationEvent,
        lambda before: (AutomationEvent.at < before) & AutomationEvent.judged_at.is_not(None),
    ),
    "webhook_deliveries": (
        WebhookDelivery,
        lambda before: (WebhookDelivery.created_at < before) & WebhookDelivery.status.in_(OVER),
    ),
    "audit_entries": (AuditEntry, lambda before: AuditEntry.at < before),
}
