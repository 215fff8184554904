"""The session window (Meta: customer service window): until when free text may be sent."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.lib.memo import memoized, prime
from app.models import Conversation, Customer, Message


def ends_at(conversation: Conversation | None, channel: Channel) -> datetime | None:
    """When the channel's window closes; None where they never wrote by it, or it has none."""
    if conversation is None or channel.session_window is None:
        return None
    return conversation.session_ends_at(channel.session_window)


def is_open(customer: Customer, channel: Channel, now: datetime) -> bool:
    """Whether free text may be sent to the customer now."""
    if channel.session_window is None:
        return True
    ends = ends_at(conversation(customer.id), channel)
    return ends is not None and ends > now


def ask_ahead(customers: Iterable[Customer]) -> None:
    """So that `is_open` is known of all of them at once."""
    ids = [customer.id for customer in customers]
    query = select(Conversation).where(Conversation.customer_id.in_(ids))
    found = {talk.customer_id: talk for talk in db.session.scalars(query)}
    for id_ in ids:
        prime(("conversation", id_), found.get(id_))


def conversation(customer_id: int) -> Conversation | None:
    """All that was said with the customer."""
    query = select(Conversation).where(Conversation.customer_id == customer_id)
    return memoized(("conversation", customer_id), lambda: db.session.scalar(query))


def closed(now: datetime) -> ColumnElement[bool]:
    """The condition that a message is free text, and its window is closed."""
    limited = [
        and_(Message.channel == channel.key, ~_wrote_after(now - channel.session_window))
        for channel in CHANNELS.values()
        if channel.session_window
    ]
    return and_(Message.content_sid.is_(None), or_(*limited))


def _wrote_after(moment: datetime) -> ColumnElement[bool]:
    return exists().where(
        Conversation.tenant_id == Message.tenant_id,
        Conversation.customer_id == Message.customer_id,
        Conversation.whatsapp_inbound_at > moment,
    )
