"""Enters an outbound message where it counts: the thread, the conversation, the counters."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.channels import CHANNELS
from app.extensions import db
from app.inbox import conversation_commands, conversation_transitions
from app.lib.text.cleaning import preview
from app.lib.time.clock import local_day
from app.models import Conversation, Direction, Message, MessageCount, Tenant
from app.models.conversation import AUTOMATIC
from app.outbox.compose import conversation_before
from app.outbox.compose.conversation_before import DEALT_WITH
from app.outbox.queue import rate_limit
from app.outbox.queue.value_rows import rows_of
from app.tenancy import current_tenant_id

CONVERSATION = ["tenant_id", "customer_id"]


def enter(message: Message, by_hand: bool = False) -> None:
    """Add the message to the session's transaction with all that the inbox shows of it. Written
    by hand, it answers what waited for a person, and its author sees to the conversation where
    nobody does; so does one that is tried again for that one. What nobody wrote moves no
    conversation and shows in none, unless it is the first.

    The conversation comes before the counters, as in receive.sql: one order, no deadlock.
    """
    if by_hand:
        _enter_by_hand(message)
    else:
        enter_automatic([message])


def _enter_by_hand(message: Message) -> None:
    tenant = db.session.get_one(Tenant, current_tenant_id())
    _line_up([message], tenant)
    before = conversation_before.remember(message.customer_id)
    db.session.add(message)
    db.session.flush()
    seen_to = _deal_with(Message.customer_id == message.customer_id)
    message.conversation_before = before | ({DEALT_WITH: seen_to} if seen_to else {})
    _bump_conversation(message)
    _count(message.channel, message.created_at, 1, tenant)


def enter_automatic(messages: Sequence[Message]) -> None:
    """The same for many that nobody wrote, by a few statements. Conversations come in the order of
    their customers, and after all of them the counters: whoever has a counter waits for nobody.
    """
    tenant = db.session.get_one(Tenant, current_tenant_id())
    _line_up(messages, tenant)
    db.session.add_all(messages)
    db.session.flush()
    if again := [each.again_of_id for each in messages if each.again_of_id]:
        _deal_with(Message.id.in_(again))
    _begin_conversations(messages)
    counted = Counter((each.channel, each.created_at) for each in messages)
    for (channel, created_at), many in sorted(counted.items()):
        _count(channel, created_at, many, tenant)


def move(message: Message, was: str) -> None:
    """The message, which has been entered, goes by another channel than before."""
    _line_up([message], db.session.get_one(Tenant, current_tenant_id()))
    recount(message, was)


def recount(message: Message, was: str) -> None:
    """The message, whose channel was another, counts and shows as of the one that it has."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    db.session.flush()
    db.session.execute(
        update(Conversation)
        .where(Conversation.customer_id == message.customer_id)
        .where(Conversation.last_message_id == message.id)
        .values(last_channel=message.channel, preview=_preview(message))
        .execution_options(synchronize_session=False)
    )
    _count(was, message.created_at, -1, tenant)
    _count(message.channel, message.created_at, 1, tenant)


def _line_up(messages: Iterable[Message], tenant: Tenant) -> None:
    for each in messages:
        each.segments = rate_limit.weight(CHANNELS[each.channel], each.body)
    for channel, sender, now in {(each.channel, each.sender, each.created_at) for each in messages}:
        rate_limit.introduce(tenant, channel, sender, now)


def _deal_with(which: ColumnElement[bool]) -> list[int]:
    """Nobody has to look any more at those of the messages that did not arrive; their ids."""
    failed = update(Message).where(which, Message.not_arrived())
    seen_to = failed.values(dealt_with=True).returning(Message.id)
    seen_to = seen_to.execution_options(synchronize_session=False)
    return list(db.session.scalars(seen_to))


def _bump_conversation(message: Message) -> None:
    seen: dict[str, Any] = {
        "last_message_at": message.created_at,
        "last_message_id": message.id,
        "last_channel": message.channel,
        "last_direction": message.direction,
        "last_author_id": message.author_id,
        "preview": _preview(message),
        "open_reply_id": None,
        "last_call_id": None,
        **conversation_transitions.answer_to(message.customer_id),
    }
    row = insert(Conversation).values(
        tenant_id=current_tenant_id(), customer_id=message.customer_id, unread_count=0, **seen
    )
    db.session.execute(row.on_conflict_do_update(index_elements=CONVERSATION, set_=seen))
    if message.author_id:
        conversation_commands.take(message.customer_id, message.author_id, message.created_at)


def _begin_conversations(messages: Iterable[Message]) -> None:
    """With those who have none yet."""
    said = [(m.customer_id, m.created_at, m.id, m.channel, _preview(m)) for m in messages]
    rows = rows_of(
        sorted(said),
        customer_id=Integer,
        last_message_at=DateTime,
        last_message_id=BigInteger,
        last_channel=Text,
        preview=Text,
    )
    same = {
        "tenant_id": literal(current_tenant_id()),
        "last_direction": literal(AUTOMATIC),
        "unread_count": literal(0),
    }
    names = [*rows.c.keys(), *same]
    began = insert(Conversation).from_select(names, select(*rows.c, *same.values()))
    db.session.execute(began.on_conflict_do_nothing(index_elements=CONVERSATION))


def _preview(message: Message) -> str:
    said = f"{message.subject}: {message.body}" if message.subject else message.body
    return preview(said) or "Attachment"


def _count(channel: str, created_at: datetime, messages: int, tenant: Tenant) -> None:
    today = local_day(created_at, tenant.timezone)
    db.session.execute(MessageCount.add(today, channel, Direction.OUTBOUND, messages))
