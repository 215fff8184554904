"""What the inbox shows of conversations whose last message has gone from the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Update,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from app.extensions import db
from app.lib.text.cleaning import preview
from app.models import Conversation, Message, ScheduledMessage
from app.models.conversation import AUTOMATIC, MISSED_CALL

CALLS = (MISSED_CALL, "call")
# The last message of a conversation in which there is none, as where somebody has only rung.
NONE = 0
ARCHIVED = "Earlier messages are archived"


def mend(customers: Collection[int], gone: Sequence[int], before: datetime) -> None:
    """Let those that showed one of them show the latest that is left. With nothing left the
    conversation goes from the inbox; the customer stays, with notes, labels, calls and
    appointments, and whatever they write begins it anew. For whoever holds the conversations."""
    shown = Conversation.customer_id.in_(customers), Conversation.last_message_id.in_(gone)
    bereft = db.session.scalars(select(Conversation.customer_id).where(*shown)).all()
    if not bereft:
        return
    newest = func.max(Message.id)
    left = select(newest).where(Message.customer_id.in_(bereft)).group_by(Message.customer_id)
    for message in db.session.scalars(select(Message).where(Message.id.in_(left))):
        _show(message, gone)
    _run(delete(Conversation).where(*shown, ~_goes_on(before)))
    call = Conversation.last_direction.in_(CALLS)
    kept = case((call, Conversation.preview), else_=ARCHIVED)
    _run(update(Conversation).where(*shown).values(last_message_id=NONE, preview=kept))


def _show(message: Message, gone: Sequence[int]) -> None:
    """In place of what has gone; where the last was a call, that goes on being shown."""
    of_theirs = Conversation.customer_id == message.customer_id
    lost = update(Conversation).where(of_theirs, Conversation.last_message_id.in_(gone))
    _run(lost.where(Conversation.last_direction.not_in(CALLS)).values(**shown_by(message)))
    _run(lost.values(last_message_id=message.id))


def shown_by(message: Message) -> dict[str, Any]:
    """By column of the conversation, what it shows of its last message."""
    author = message.author_id
    by_person = message.direction if message.inbound or author else AUTOMATIC
    said = f"{message.subject}: {message.body}" if message.subject else message.body
    return {
        "last_message_at": message.created_at,
        "last_message_id": message.id,
        "last_channel": message.channel,
        "last_direction": by_person,
        "last_author_id": author,
        "preview": preview(said) or "Attachment",
    }


def _goes_on(before: datetime) -> ColumnElement[bool]:
    """The condition that there is a later call, or that something is to be sent."""
    planned = exists().where(
        ScheduledMessage.tenant_id == Conversation.tenant_id,
        ScheduledMessage.customer_id == Conversation.customer_id,
    )
    called = and_(Conversation.last_direction.in_(CALLS), Conversation.last_message_at >= before)
    return or_(called, planned)


def _run(statement: Update | Delete) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
