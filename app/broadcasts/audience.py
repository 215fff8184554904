"""Whom a broadcast reaches, and who is left out and why: one expression, which the preview counts
by and the worker decides by."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Integer, case, exists, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.models import (
    Broadcast,
    BroadcastRecipient,
    ContactPoint,
    Conversation,
    Customer,
    Erasure,
    OptOut,
)
from app.outbox.offers import agrees
from app.segments.segment_filters import conditions

# So long a preview takes at most, in milliseconds.
PATIENCE = 5_000


class Cause(StrEnum):
    """What was decided of a recipient."""

    SENT = "sent"
    """Its message is in the outbox; what became of it there, the message says."""
    GONE = "gone"
    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    UNDECIDED = "undecided"
    ASKED_LATELY = "asked_lately"
    REFUSED = "refused"
    """Of that address, or its text: the reason says why."""


def verdict(broadcast: Broadcast, now: datetime) -> ColumnElement[str]:
    """A Cause for the customer of a row; SENT: it may go."""
    points = _points(broadcast.channel)
    reached = exists().where(*points)
    agreed = exists().where(*points, _agrees())
    stopped = exists().where(
        *points,
        OptOut.tenant_id == ContactPoint.tenant_id,
        OptOut.channel == ContactPoint.channel,
        OptOut.address == ContactPoint.address,
    )
    # Each is asked once: of everybody in a segment that is what a preview costs.
    return case(
        (_gone(), Cause.GONE),
        (~reached, Cause.NO_ADDRESS),
        (~agreed, case((stopped, Cause.OPTED_OUT), else_=Cause.NO_CONSENT)),
        (_undecided(), Cause.UNDECIDED),
        (_lately(broadcast, now), Cause.ASKED_LATELY),
        else_=Cause.SENT,
    )


def _points(channel: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ContactPoint.tenant_id == Customer.tenant_id,
        ContactPoint.customer_id == Customer.id,
        ContactPoint.channel == channel,
        ContactPoint.invalid_since.is_(None),
    )


def _agrees() -> ColumnElement[bool]:
    return agrees(ContactPoint.channel, ContactPoint.address, ContactPoint.tenant_id)


def _gone() -> ColumnElement[bool]:
    """They turned out to be somebody else, or are being erased."""
    erased = exists().where(
        Erasure.tenant_id == Customer.tenant_id, Erasure.customer_id == Customer.id
    )
    return Customer.merged_into_id.is_not(None) | erased


def _undecided() -> ColumnElement[bool]:
    """They may have asked for no more messages, and nobody has decided."""
    return exists().where(
        Conversation.tenant_id == Customer.tenant_id,
        Conversation.customer_id == Customer.id,
        Conversation.stop_asked_id.is_not(None),
    )


def _lately(broadcast: Broadcast, now: datetime) -> ColumnElement[bool]:
    return exists().where(
        BroadcastRecipient.tenant_id == Customer.tenant_id,
        BroadcastRecipient.customer_id == Customer.id,
        BroadcastRecipient.broadcast_id != broadcast.id,
        BroadcastRecipient.cause == Cause.SENT,
        BroadcastRecipient.decided_at > now - timedelta(days=broadcast.rest_days),
    )


def addresses(channel: str, customer_ids: Collection[int]) -> dict[int, str]:
    """Of each of the customers the first address there at which they agree to offers."""
    found = (
        select(ContactPoint.customer_id, ContactPoint.address)
        .where(ContactPoint.customer_id.in_(customer_ids), ContactPoint.channel == channel)
        .where(ContactPoint.invalid_since.is_(None), _agrees())
        .order_by(ContactPoint.id.desc())
    )
    return {row.customer_id: row.address for row in db.session.execute(found)}


class Reach(NamedTuple):
    """Whom a broadcast would reach now."""

    causes: dict[str, int]
    """How many of the segment are in each case."""
    first: list[int]
    """The first to whom it would go."""


def reach(
    broadcast: Broadcast, filters: dict[str, str | int], now: datetime, most: int
) -> Reach | None:
    """Most: so many of the first. None: it takes too long to tell. Ends the transaction."""
    whom = select(Customer.id, verdict(broadcast, now).label("cause"))
    each = whom.where(*conditions(filters, now)).subquery()
    # By one statement of all: to look for the first alone, PostgreSQL goes the long way.
    ids = func.array_agg(aggregate_order_by(each.c.id, each.c.id), type_=ARRAY(Integer))
    query = select(each.c.cause, func.count(), ids[1:most]).group_by(each.c.cause)
    try:
        db.session.execute(select(func.set_config("statement_timeout", str(PATIENCE), True)))
        found = db.session.execute(query).all()
    except OperationalError:
        return None
    finally:
        db.session.rollback()
    first = {row[0]: row[2] for row in found}
    return Reach({row[0]: row[1] for row in found}, first.get(Cause.SENT, []))
