"""Callers whom nobody knew: their numbers may be forged, and each text to one costs."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, exists, or_, select

from app.extensions import db
from app.lib.memo import memoized, prime
from app.lib.telephone.call_outcome import CallOutcome
from app.models import (
    Appointment,
    Call,
    Customer,
    Direction,
    Message,
    Notification,
    Spent,
    Tenant,
)
from app.notifications.causes import Cause, Hindrance
from app.outbox.queue.daily_limit import days, limit, used

ENOUGH = (
    "Today's limit of texts to callers whom nobody knows was reached. Our operator can allow more."
)


def is_stranger(customer_id: int) -> bool:
    """Whether nothing is known of the customer but calls that nobody took."""
    ids = memoized(("stranger", customer_id), lambda: strangers([customer_id]))
    return customer_id in ids


def ask_ahead(rows: Collection[Notification]) -> None:
    """So that `is_stranger` is known of all their customers at once."""
    ids = {row.customer_id for row in rows}
    found = strangers(ids)
    for id_ in ids:
        prime(("stranger", id_), found)


def strangers(ids: Collection[int]) -> set[int]:
    """Of those customers the ones that a call brought, and who since then have neither a name nor
    said or been told anything."""
    brought = exists().where(
        Call.tenant_id == Customer.tenant_id,
        Call.customer_id == Customer.id,
        # A caller who becomes a customer does so at the moment of the call (incoming_calls.sql).
        Call.started_at == Customer.created_at,
    )
    talked = exists().where(
        Message.tenant_id == Customer.tenant_id,
        Message.customer_id == Customer.id,
        or_(Message.direction == Direction.INBOUND, Message.author_id.is_not(None)),
    )
    spoken_to = exists().where(
        Call.tenant_id == Customer.tenant_id,
        Call.customer_id == Customer.id,
        Call.outcome == CallOutcome.ANSWERED,
    )
    booked = exists().where(
        Appointment.tenant_id == Customer.tenant_id, Appointment.customer_id == Customer.id
    )
    nameless = and_(Customer.first_name == "", Customer.last_name == "")
    found = select(Customer.id).where(Customer.id.in_(ids), nameless, brought)
    return set(db.session.scalars(found.where(~talked, ~spoken_to, ~booked)))


def hindrance(row: Notification, at: datetime) -> Hindrance | None:
    """What keeps a text from the caller, where they are a stranger and the day has had enough."""
    tenant = db.session.get_one(Tenant, row.tenant_id)
    if tenant.pays_itself or not is_stranger(row.customer_id):
        return None
    sent = used(Spent.STRANGERS, days(Spent.STRANGERS, tenant, at))
    enough = sent >= limit(tenant, Spent.STRANGERS)
    return Hindrance(Cause.LIMIT, ENOUGH) if enough else None
