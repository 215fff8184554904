"""What a conversation was before a message by hand, so that taking that back leaves no trace."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, DateTime, Delete, Update, delete, inspect, select, update

from app.extensions import db
from app.inbox import conversation_transitions
from app.models import Conversation, ConversationEvent, Message
from app.models import ConversationEventKind as Kind

# What a message by hand changes nothing of, or what a customer or a trigger changes.
OTHERS = {
    "id",
    "tenant_id",
    "customer_id",
    "unread_count",
    "whatsapp_inbound_at",
    "stop_asked_id",
    "failed",
}
# Beside its columns: the messages that this one dealt with, as they had not arrived.
DEALT_WITH = "dealt_with"


def remember(customer_id: int) -> dict[str, Any]:
    """The conversation as it is, for a column of JSON, locked; empty where there is none."""
    query = select(Conversation).where(Conversation.customer_id == customer_id)
    row = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    return {name: _written(getattr(row, name)) for name in _names()} if row else {}


def restore(message: Message) -> None:
    """Undo what `ledger.enter` did to the conversation; where something has come since, whom the
    message answered waits again. Part of the caller's transaction, in which it was cancelled."""
    if not _restored(message, message.conversation_before) and message.author_id is not None:
        _run(conversation_transitions.unanswer(message.customer_id))


def _restored(message: Message, before: dict[str, Any] | None) -> bool:
    """Whether the conversation is as it was in all."""
    if before is None:
        # From before this was kept, or written by itself.
        return False
    _deal_with_again(before.get(DEALT_WITH, []))
    _tell_later_ones(message, before)
    if "last_message_id" not in before:
        return _run(delete(Conversation).where(*_last_is(message)))
    known = {name: _read(name, before[name]) for name in _names() if name in before}
    if known.pop("assignee_id") is None and _taken_by_author(message):
        known["assignee_id"] = None
        _forget_taking(message)
    if _run(conversation_transitions.take_back(message, known)):
        return True
    # Closed or snoozed since: that stays, but the list does not say what never went out.
    shown = {name: known[name] for name in known if name.startswith("last_") or name == "preview"}
    _run(update(Conversation).where(*_last_is(message)).values(**shown))
    return False


def _last_is(message: Message) -> tuple[Any, ...]:
    return (
        Conversation.customer_id == message.customer_id,
        Conversation.last_message_id == message.id,
        Conversation.last_message_at == message.created_at,
    )


def _deal_with_again(ids: list[int]) -> None:
    if ids:
        _run(update(Message).where(Message.id.in_(ids)).values(dealt_with=False))


def _tell_later_ones(message: Message, before: dict[str, Any]) -> None:
    """A message that came after this one, and may be taken back too, knows what was before both."""
    after = Message.conversation_before["last_message_id"].as_integer() == message.id
    later = Message.customer_id == message.customer_id, Message.id > message.id, after
    _run(update(Message).where(*later).values(conversation_before=before))


def _taken_by_author(message: Message) -> bool:
    """Whether it is theirs; to whom it was given since, by whomever, it stays given."""
    theirs = Conversation.assignee_id == message.author_id
    whose = select(Conversation.id).where(Conversation.customer_id == message.customer_id, theirs)
    return db.session.scalar(whose) is not None


def _forget_taking(message: Message) -> None:
    """Whoever answers takes a conversation that is nobody's: so it was not."""
    taken = delete(ConversationEvent).where(
        ConversationEvent.customer_id == message.customer_id,
        ConversationEvent.kind == Kind.ASSIGNED,
        ConversationEvent.user_id == message.author_id,
        ConversationEvent.at == message.created_at,
    )
    _run(taken)


def _run(statement: Update | Delete) -> bool:
    """Whether it changed anything."""
    unseen = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", db.session.execute(unseen)).rowcount > 0


def _names() -> list[str]:
    return [each.key for each in inspect(Conversation).column_attrs if each.key not in OTHERS]


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    kind = inspect(Conversation).columns[name].type
    return datetime.fromisoformat(value) if value and isinstance(kind, DateTime) else value
