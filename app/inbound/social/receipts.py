"""What was delivered and read: all that was sent to a person up to a time, or to a message."""

from datetime import datetime

from sqlalchemy import func, select

from app import live
from app.channels.channel import Channel
from app.extensions import db
from app.inbound.social.channel_threads import customer_of
from app.lib.message_status import MessageStatus
from app.models import Direction, Message
from app.outbox import transitions
from app.providers.meta import meta_events as events
from app.tenancy import current_tenant_id

# Of what is still in doubt or has failed, that something later arrived says nothing.
HAS_LEFT = (MessageStatus.ACCEPTED, MessageStatus.SENT, MessageStatus.DELIVERED)


def delivered(channel: Channel, told: events.Delivered, account: str) -> None:
    _up_to(channel, told.person, told.until, account, MessageStatus.DELIVERED)


def seen(channel: Channel, told: events.Seen, account: str) -> None:
    until = told.until or _sent_at(told.sid)
    if until:
        _up_to(channel, told.person, until, account, MessageStatus.READ)


def _sent_at(sid: str) -> datetime | None:
    """When the message went out; None: it is none that we know."""
    ours = Message.provider_sid == sid, Message.direction == Direction.OUTBOUND
    sent = func.coalesce(Message.attempted_at, Message.created_at)
    return db.session.scalar(select(sent).where(*ours))


def _up_to(
    channel: Channel, person: str, until: datetime, account: str, status: MessageStatus
) -> None:
    customer_id = customer_of(channel, person)
    which = [
        Message.customer_id == customer_id,
        Message.direction == Direction.OUTBOUND,
        Message.channel == channel.key,
        Message.recipient == person,
        Message.sender == account,
        Message.status.in_(HAS_LEFT),
        func.coalesce(Message.attempted_at, Message.created_at) <= until,
    ]
    moved = transitions.report(which, status, ask_at=None).returning(Message.id)
    ids = db.session.scalars(moved).all() if customer_id else []
    db.session.commit()
    steps = [live.Step(current_tenant_id(), customer_id or 0, id_, status) for id_ in ids]
    live.publish_steps(*steps)
