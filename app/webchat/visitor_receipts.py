"""How far a visitor's panel has come: what arrived there, and what was seen."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func

from app import live
from app.extensions import db
from app.lib.message_status import MessageStatus as Status
from app.models import ChatSession, Direction, Message
from app.outbox import transitions
from app.tenancy import current_tenant_id
from app.webchat.visitor_message import CHANNEL, customer_id

# What the panel can have been told of.
LEFT = (Status.ACCEPTED, Status.SENT, Status.DELIVERED)


def receipts(session: ChatSession, delivered: int, read: int, now: datetime) -> None:
    """What of ours, up to these ids, has arrived and was seen: told to staff, committed. It only
    ever goes on."""
    who = customer_id(session)
    if who is None:
        return
    steps = [
        *_moved(session, who, read, Status.READ, now),
        *_moved(session, who, delivered, Status.DELIVERED, now),
    ]
    db.session.commit()
    live.publish_steps(*steps)


def _moved(
    session: ChatSession, who: int, up_to: int, status: Status, now: datetime
) -> Iterator[live.Step]:
    which = (
        Message.customer_id == who,
        Message.channel == CHANNEL.key,
        Message.direction == Direction.OUTBOUND,
        Message.recipient == session.address,
        Message.status.in_(LEFT),
        Message.id <= up_to,
    )
    sent_at = func.coalesce(Message.sent_at, now)
    moved = transitions.report(which, status, sent_at=sent_at).returning(Message.id)
    for id_ in db.session.scalars(moved):
        yield live.Step(current_tenant_id(), who, id_, status)
