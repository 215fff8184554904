"""What came of a broadcast: how many it reached, who answered, who ended it, and who booked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from app.broadcasts.audience import Cause
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    Appointment,
    Broadcast,
    BroadcastRecipient,
    ConsentEvent,
    Customer,
    Direction,
    Message,
)
from app.outbox.offers import UPON

MOST = 50
REACHED = (MessageStatus.DELIVERED, MessageStatus.READ)
LEFT = (MessageStatus.ACCEPTED, MessageStatus.SENT, *REACHED)
ON_THE_WAY = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.CHECKING)


class Outcome(NamedTuple):
    recipients: int
    waiting: int
    """Nobody has decided on them yet."""
    on_the_way: int
    """Their messages are in the outbox."""
    sent: int
    """The carrier has them, or they arrived."""
    delivered: int
    failed: int
    answered: int
    opted_out: int
    booked: int


class Left(NamedTuple):
    """Somebody who was left out."""

    customer_id: int
    cause: str
    reason: str


class Answered(NamedTuple):
    customer_id: int
    at: datetime
    body: str


def outcome(broadcast: Broadcast) -> Outcome:
    waiting = BroadcastRecipient.decided_at.is_(None)
    lost = Message.status.in_((MessageStatus.FAILED, MessageStatus.UNKNOWN))
    query = (
        select(
            func.count(),
            _many(waiting),
            _many(Message.status.in_(ON_THE_WAY)),
            _many(Message.status.in_(LEFT)),
            _many(Message.status.in_(REACHED)),
            _many(lost),
            _many(_went(_answer())),
            _many(_went(_ended())),
            _many(_went(_booked())),
        )
        .select_from(BroadcastRecipient)
        .outerjoin(Message, Message.id == BroadcastRecipient.message_id)
        .where(BroadcastRecipient.broadcast_id == broadcast.id)
    )
    return Outcome(*db.session.execute(query).one())


def _many(which: ColumnElement[bool]) -> Any:
    return func.count().filter(which)


def _went(what: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Message.status.in_(LEFT), what)


def _answer() -> ColumnElement[bool]:
    heard = aliased(Message)
    return exists().where(
        heard.tenant_id == BroadcastRecipient.tenant_id,
        heard.customer_id == BroadcastRecipient.customer_id,
        heard.direction == Direction.INBOUND,
        heard.id > Message.id,
        heard.created_at <= Message.created_at + UPON,
    )


def _ended() -> ColumnElement[bool]:
    return exists().where(
        ConsentEvent.tenant_id == Message.tenant_id,
        ConsentEvent.channel == Message.channel,
        ConsentEvent.address == Message.recipient,
        ConsentEvent.said == "stop",
        ConsentEvent.at.between(Message.created_at, Message.created_at + UPON),
    )


def _booked() -> ColumnElement[bool]:
    return exists().where(
        Appointment.tenant_id == BroadcastRecipient.tenant_id,
        Appointment.customer_id == BroadcastRecipient.customer_id,
        Appointment.created_at.between(Message.created_at, Message.created_at + UPON),
    )


def left_out(broadcast: Broadcast) -> dict[str, int]:
    """How many were, by the cause."""
    mine = BroadcastRecipient.broadcast_id == broadcast.id, BroadcastRecipient.cause != ""
    rows = select(BroadcastRecipient.cause, func.count()).where(*mine)
    rows = rows.where(BroadcastRecipient.cause != Cause.SENT).group_by(BroadcastRecipient.cause)
    return {row[0]: row[1] for row in db.session.execute(rows.order_by(func.count().desc()))}


def who_was_left_out(broadcast: Broadcast) -> Sequence[tuple[Customer, Left]]:
    """The first of them."""
    mine = BroadcastRecipient.broadcast_id == broadcast.id
    out = BroadcastRecipient.cause.not_in(("", Cause.SENT))
    query = (
        select(Customer, BroadcastRecipient.cause, BroadcastRecipient.reason)
        .join(Customer, Customer.id == BroadcastRecipient.customer_id)
        .where(mine, out)
        .order_by(BroadcastRecipient.id)
        .limit(MOST)
    )
    return [(row[0], Left(row[0].id, row[1], row[2])) for row in db.session.execute(query)]


def answers(broadcast: Broadcast) -> Sequence[tuple[Customer, Answered]]:
    """The first answer of each who answered, the newest of them first."""
    heard = aliased(Message)
    first = (
        select(heard.id)
        .where(
            heard.tenant_id == BroadcastRecipient.tenant_id,
            heard.customer_id == BroadcastRecipient.customer_id,
            heard.direction == Direction.INBOUND,
            heard.id > Message.id,
            heard.created_at <= Message.created_at + UPON,
        )
        .order_by(heard.id)
        .limit(1)
        .scalar_subquery()
    )
    said = aliased(Message)
    query = (
        select(Customer, said.created_at, said.body)
        .select_from(BroadcastRecipient)
        .join(Message, Message.id == BroadcastRecipient.message_id)
        .join(said, (said.tenant_id == Message.tenant_id) & (said.id == first))
        .join(Customer, Customer.id == BroadcastRecipient.customer_id)
        .where(BroadcastRecipient.broadcast_id == broadcast.id)
        .order_by(said.id.desc())
        .limit(MOST)
    )
    return [(row[0], Answered(row[0].id, row[1], row[2])) for row in db.session.execute(query)]
