"""The session window (Meta: customer service window): until when free text may be sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Integer, and_, any_, exists, or_, select

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.lib.memo import memoized, prime
from app.models import Conversation, Customer, Message
from app.prepared import Prepared, given


class Talk(NamedTuple):
    """As the columns of Conversation: what says whether the customer may be written to."""

    id: int
    customer_id: int
    whatsapp_inbound_at: datetime | None
    stop_asked_id: int | None


_TALKS = Prepared(
    Talk,
    select(*(getattr(Conversation, name) for name in Talk._fields)).where(
        Conversation.customer_id == any_(given("customer_ids", ARRAY(Integer)))
    ),
)


def ends_at(talk: Talk | Conversation | None, channel: Channel) -> datetime | None:
    """When the channel's window closes; None where they never wrote by it, or it has none."""
    if talk is None or talk.whatsapp_inbound_at is None or channel.session_window is None:
        return None
    return talk.whatsapp_inbound_at + channel.session_window


def is_open(customer: Customer, channel: Channel, now: datetime) -> bool:
    """Whether free text may be sent to the customer now."""
    if channel.session_window is None:
        return True
    ends = ends_at(conversation(customer.id), channel)
    return ends is not None and ends > now


def ask_ahead(customers: Iterable[Customer]) -> None:
    """So that `is_open` is known of all of them at once."""
    ids = [customer.id for customer in customers]
    found = {talk.customer_id: talk for talk in _TALKS.all(customer_ids=ids)}
    for id_ in ids:
        prime(("conversation", id_), found.get(id_))


def conversation(customer_id: int) -> Talk | None:
    """The customer's, if they have one."""
    return memoized(
        ("conversation", customer_id), lambda: _TALKS.one_or_none(customer_ids=[customer_id])
    )


def closed(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """The condition that a message is free text, and its window is closed."""
    limited = [
        and_(Message.channel == channel.key, ~_wrote_after(now - channel.session_window))
        for channel in CHANNELS.values()
        if channel.session_window
    ]
    return and_(Message.content_sid.is_(None), or_(*limited))


def _wrote_after(moment: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    return exists().where(
        Conversation.tenant_id == Message.tenant_id,
        Conversation.customer_id == Message.customer_id,
        Conversation.whatsapp_inbound_at > moment,
    )
