"""Enters an outbound message where it counts: the thread, the conversation, the counters."""

from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects.postgresql import insert

from app.channels import CHANNELS
from app.extensions import db
from app.inbox import conversation_commands, conversation_transitions
from app.lib.text.cleaning import preview
from app.lib.time.clock import local_day
from app.models import Conversation, Message, MessageCount, Tenant
from app.models.conversation import AUTOMATIC
from app.outbox.compose import conversation_before
from app.outbox.compose.conversation_before import DEALT_WITH
from app.outbox.queue import rate_limit
from app.tenancy import current_tenant_id


def enter(message: Message, by_hand: bool = False) -> None:
    """Add the message to the session's transaction with all that the inbox shows of it. Written
    by hand, it answers what waited for a person, and its author sees to the conversation where
    nobody does; so does one that is tried again for that one. What nobody wrote moves no
    conversation and shows in none, unless it is the first.

    The conversation comes before the counters, as in receive.sql: one order, no deadlock.
    """
    tenant = db.session.get_one(Tenant, current_tenant_id())
    _line_up(message, tenant)
    before = conversation_before.remember(message.customer_id) if by_hand else {}
    db.session.add(message)
    db.session.flush()
    if by_hand:
        seen_to = _deal_with(Message.customer_id == message.customer_id)
        message.conversation_before = before | ({DEALT_WITH: seen_to} if seen_to else {})
    elif message.again_of_id:
        _deal_with(Message.id == message.again_of_id)
    _bump_conversation(message, by_hand)
    _count(message, message.channel, 1, tenant.timezone)


def move(message: Message, was: str) -> None:
    """The message, which has been entered, goes by another channel than before."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    _line_up(message, tenant)
    db.session.flush()
    db.session.execute(
        update(Conversation)
        .where(Conversation.customer_id == message.customer_id)
        .where(Conversation.last_message_id == message.id)
        .values(last_channel=message.channel, preview=_preview(message))
        .execution_options(synchronize_session=False)
    )
    _count(message, was, -1, tenant.timezone)
    _count(message, message.channel, 1, tenant.timezone)


def _line_up(message: Message, tenant: Tenant) -> None:
    message.segments = rate_limit.weight(CHANNELS[message.channel], message.body)
    rate_limit.introduce(tenant, message.channel, message.sender, message.created_at)


def _deal_with(which: ColumnElement[bool]) -> list[int]:
    """Nobody has to look any more at those of the messages that did not arrive; their ids."""
    failed = update(Message).where(which, Message.not_arrived())
    seen_to = failed.values(dealt_with=True).returning(Message.id)
    seen_to = seen_to.execution_options(synchronize_session=False)
    return list(db.session.scalars(seen_to))


def _bump_conversation(message: Message, by_hand: bool) -> None:
    seen: dict[str, Any] = {
        "last_message_at": message.created_at,
        "last_message_id": message.id,
        "last_channel": message.channel,
        "last_direction": message.direction if by_hand else AUTOMATIC,
        "last_author_id": message.author_id,
        "preview": _preview(message),
    }
    if by_hand:
        seen |= {"open_reply_id": None, "last_call_id": None}
        seen |= conversation_transitions.answer()
    row = insert(Conversation).values(
        tenant_id=current_tenant_id(), customer_id=message.customer_id, unread_count=0, **seen
    )
    key = ["tenant_id", "customer_id"]
    moved = row.on_conflict_do_update(index_elements=key, set_=seen)
    db.session.execute(moved if by_hand else row.on_conflict_do_nothing(index_elements=key))
    if by_hand and message.author_id:
        conversation_commands.take(message.customer_id, message.author_id, message.created_at)


def _preview(message: Message) -> str:
    said = f"{message.subject}: {message.body}" if message.subject else message.body
    return preview(said) or "Attachment"


def _count(message: Message, channel: str, messages: int, timezone: str) -> None:
    today = local_day(message.created_at, timezone)
    db.session.execute(MessageCount.add(today, channel, message.direction, messages))
