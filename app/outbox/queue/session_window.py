"""The session window (Meta: customer service window): until when free text may be sent."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Integer, and_, any_, exists, or_, select

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.lib.memo import memoized, prime
from app.models import ChannelAccount, ChannelThread, Conversation, Customer, Message
from app.outbox.senders.meta_senders import connected, its_account
from app.prepared import Prepared, given

Moment = datetime | ColumnElement[datetime]


class Talk(NamedTuple):
    """As the columns of Conversation: what says whether the customer may be written to."""

    id: int
    customer_id: int
    whatsapp_inbound_at: datetime | None
    stop_asked_id: int | None


class _Thread(NamedTuple):
    """As the columns of ChannelThread."""

    customer_id: int
    channel: str
    opened_at: datetime | None = None
    held_until: datetime | None = None


# The columns of Conversation have it of this one; ChannelThread of the others.
IN_CONVERSATION = "whatsapp"
HELD = (
    "Another app answers this customer on {channel} at the moment. Answer there or by another"
    " channel; it can be used again once they write here, or after a day."
)
LIMITED = [channel for channel in CHANNELS.values() if channel.session_window]
OTHERS = {channel.key for channel in LIMITED if channel.key != IN_CONVERSATION}
_THREADS = Prepared(
    _Thread,
    select(*(getattr(ChannelThread, name) for name in _Thread._fields)).where(
        ChannelThread.customer_id == any_(given("customer_ids", ARRAY(Integer)))
    ),
)
_TALKS = Prepared(
    Talk,
    select(*(getattr(Conversation, name) for name in Talk._fields)).where(
        Conversation.customer_id == any_(given("customer_ids", ARRAY(Integer)))
    ),
)


def ends_at(
    talk: Talk | Conversation | None, channel: Channel, by_hand: bool = False
) -> datetime | None:
    """When the channel's window closes, by hand for what a person types; None where they never
    wrote by it, or it has none."""
    window = _window(channel, by_hand)
    opened = _opened_at(talk, channel) if talk and window else None
    return opened + window if opened and window else None


def is_open(customer: Customer, channel: Channel, now: datetime, by_hand: bool = False) -> bool:
    """Whether free text may be sent to the customer now; by hand: a person typed it."""
    if channel.session_window is None:
        return True
    ends = ends_at(conversation(customer.id), channel, by_hand)
    return ends is not None and ends > now


def _window(channel: Channel, by_hand: bool) -> timedelta | None:
    account = connected().get(channel.key) if by_hand and channel.human_window else None
    return channel.human_window if account and account.human_agent else channel.session_window


def _opened_at(talk: Talk | Conversation, channel: Channel) -> datetime | None:
    if channel.key == IN_CONVERSATION:
        return talk.whatsapp_inbound_at
    return _thread(talk.customer_id, channel).opened_at


def held_elsewhere(customer_id: int, channel: Channel, now: datetime) -> str:
    """Why nothing can be written there though the window is open; empty: it can."""
    held = _thread(customer_id, channel).held_until if channel.key in OTHERS else None
    return HELD.format(channel=channel.label) if held and held > now else ""


def _thread(customer_id: int, channel: Channel) -> _Thread:
    threads: dict[str, _Thread] = memoized(
        ("threads", customer_id),
        lambda: {each.channel: each for each in _THREADS.all(customer_ids=[customer_id])},
    )
    return threads.get(channel.key, _Thread(customer_id, channel.key))


def ask_ahead(customers: Collection[Customer]) -> None:
    """So that `is_open` is known of all of them at once."""
    ids = [customer.id for customer in customers]
    found = {talk.customer_id: talk for talk in _TALKS.all(customer_ids=ids)}
    for id_ in ids:
        prime(("conversation", id_), found.get(id_))
    _ask_ahead_of_others(customers)


def _ask_ahead_of_others(customers: Collection[Customer]) -> None:
    """Whoever has no address there has no thread."""
    threads: dict[int, dict[str, _Thread]] = {each.id: {} for each in customers}
    there = [
        each.id for each in customers if any(at.channel in OTHERS for at in each.contact_points)
    ]
    for thread in _THREADS.all(customer_ids=there) if there else ():
        threads[thread.customer_id][thread.channel] = thread
    for id_, by_channel in threads.items():
        prime(("threads", id_), by_channel)


def conversation(customer_id: int) -> Talk | None:
    """The customer's, if they have one."""
    return memoized(
        ("conversation", customer_id), lambda: _TALKS.one_or_none(customer_ids=[customer_id])
    )


def closed(now: Moment) -> ColumnElement[bool]:
    """The condition that a message is free text, and its window is closed."""
    limited = [
        and_(Message.channel == channel.key, ~_open(channel, channel.session_window, now))
        for channel in LIMITED
        if channel.session_window
    ]
    return and_(Message.content_sid.is_(None), or_(*limited))


def _open(channel: Channel, window: timedelta, now: Moment) -> ColumnElement[bool]:
    if channel.key == IN_CONVERSATION:
        return _wrote_after(now - window)
    if channel.human_window is None:
        return _opened_after(now - window)
    # Only what goes out by itself has an end of its use.
    may = and_(Message.not_after.is_(None), its_account(ChannelAccount.human_agent.is_(True)))
    later = and_(may, _opened_after(now - channel.human_window))
    return or_(_opened_after(now - window), later)


def _opened_after(moment: Moment) -> ColumnElement[bool]:
    return exists().where(
        ChannelThread.tenant_id == Message.tenant_id,
        ChannelThread.customer_id == Message.customer_id,
        ChannelThread.channel == Message.channel,
        ChannelThread.opened_at > moment,
    )


def _wrote_after(moment: Moment) -> ColumnElement[bool]:
    return exists().where(
        Conversation.tenant_id == Message.tenant_id,
        Conversation.customer_id == Message.customer_id,
        Conversation.whatsapp_inbound_at > moment,
    )
