"""One customer's messages over all channels, newest page first, by keyset."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models import Conversation, Message

PAGE = 50


@dataclass(frozen=True)
class Thread:
    messages: list[Message]
    """In the order they were said."""
    earlier: int | None
    """The id before which the earlier page ends; None: this is the beginning."""


def page(customer_id: int, before: int | None = None) -> Thread:
    """The latest messages with the customer, or the latest before an id."""
    query = (
        select(Message)
        .where(Message.customer_id == customer_id)
        .options(joinedload(Message.author), joinedload(Message.reply), selectinload(Message.media))
        .order_by(Message.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Message.id < before)
    rows = list(db.session.scalars(query))
    shown = rows[:PAGE]
    earlier = shown[-1].id if len(rows) > PAGE else None
    return Thread(shown[::-1], earlier)


def mark_read(customer_id: int, up_to: int) -> bool:
    """Clear the unread mark, unless something came after what was seen; whether it was set."""
    cleared = (
        update(Conversation)
        .where(
            Conversation.customer_id == customer_id,
            Conversation.unread_count > 0,
            Conversation.last_message_id <= up_to,
        )
        .values(unread_count=0)
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    was_unread = db.session.scalar(cleared) is not None
    db.session.commit()
    return was_unread


def mark_done(customer_id: int, reply_id: int) -> bool:
    """The answer needs nobody any more; whether it was the one that waited. Commits."""
    cleared = (
        update(Conversation)
        .where(Conversation.customer_id == customer_id, Conversation.open_reply_id == reply_id)
        .values(open_reply_id=None)
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    waited = db.session.scalar(cleared) is not None
    db.session.commit()
    return waited
