"""What a visitor's panel shows: what was said in this chat, and how it stands just now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app import presence
from app.extensions import db
from app.lib.message_status import MessageStatus as Status
from app.models import ChatSession, Conversation, Direction, Message
from app.outbox.compose.attachments import public_url
from app.presence import VISITOR
from app.tenancy import current_tenant_id
from app.webchat.visitor_message import CHANNEL, customer_id

# In one look; a panel that was closed for long sees the latest.
MOST = 100
LEFT = (Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.READ)
ON_ITS_WAY = (Status.QUEUED, Status.SENDING, Status.CHECKING)
# What has waited for so long keeps nothing else back; whoever died over it is found out before.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Feed:
    messages: Sequence[Message]
    """In the order of their ids."""
    typing: bool = False
    """Whether somebody of the business writes just now."""
    seen_up_to: int = 0
    """The last of the visitor's messages that the business has read."""
    read_up_to: int = 0
    """The last of the business's that a panel of theirs has shown."""
    answered: bool = False
    """Whether a person has written back."""


def feed(session: ChatSession, after: int, now: datetime) -> Feed:
    """What came after the message of that id, the latest MOST of them, and how it stands."""
    who = customer_id(session)
    if who is None:
        return Feed(())
    said = _said(session, who)
    return Feed(
        _messages(said, after, _held_back(session, who, now)),
        any(each.typing for each in presence.others(current_tenant_id(), who, VISITOR, now)),
        _seen_up_to(who, said),
        db.session.scalar(_last(said).where(Message.status == Status.READ)) or 0,
        db.session.scalar(select(Message.id).where(*said, _by_a_person()).limit(1)) is not None,
    )


def _said(session: ChatSession, who: int) -> tuple[ColumnElement[bool], ...]:
    """The condition that a message is of this visitor's chat: of the same customer others may have
    written under another address, and none sees the other's."""
    ours = and_(Message.recipient == session.address, Message.status.in_(LEFT))
    theirs = and_(Message.sender == session.address, Message.direction == Direction.INBOUND)
    return Message.customer_id == who, Message.channel == CHANNEL.key, or_(ours, theirs)


def _held_back(session: ChatSession, who: int, now: datetime) -> ColumnElement[int]:
    """The id from which on nothing is told yet: what staff wrote leaves a moment later, and who
    asks for what came after a younger message would never hear of it."""
    waits = aliased(Message)
    first = select(func.min(waits.id)).where(
        waits.customer_id == who,
        waits.channel == CHANNEL.key,
        waits.recipient == session.address,
        waits.status.in_(ON_ITS_WAY),
        waits.created_at > now - PATIENCE,
    )
    return func.coalesce(first.scalar_subquery(), 2**63 - 1)


def _messages(
    said: tuple[ColumnElement[bool], ...], after: int, before: ColumnElement[int]
) -> list[Message]:
    query = (
        select(Message)
        .where(*said, Message.id > after, Message.id < before)
        .order_by(Message.id.desc())
        .limit(MOST)
        .options(selectinload(Message.media), joinedload(Message.author))
    )
    return list(db.session.scalars(query))[::-1]


def _seen_up_to(who: int, said: tuple[ColumnElement[bool], ...]) -> int:
    """All but as many of their last messages as are unread."""
    unread = select(Conversation.unread_count).where(Conversation.customer_id == who)
    seen = _last(said).where(Message.direction == Direction.INBOUND)
    seen = seen.offset(db.session.scalar(unread) or 0)
    return db.session.scalar(seen) or 0


def _last(said: tuple[ColumnElement[bool], ...]) -> Select[int]:
    return select(Message.id).where(*said).order_by(Message.id.desc()).limit(1)


def _by_a_person() -> ColumnElement[bool]:
    return and_(Message.direction == Direction.OUTBOUND, Message.author_id.is_not(None))


def as_json(message: Message) -> dict[str, Any]:
    """What the panel is told of it: texts as they are, to be shown as text."""
    return {
        "id": message.id,
        "from": "visitor" if message.inbound else "business",
        "author": _first_name(message),
        "body": message.body,
        "at": message.created_at.isoformat(),
        "files": [
            {
                "name": file.file_name,
                "type": file.content_type,
                "picture": file.is_picture,
                # What they sent themselves they have.
                "url": None if message.inbound else _path(file.id),
            }
            for file in message.media
        ],
    }


def _first_name(message: Message) -> str:
    return message.author.name.partition(" ")[0] if message.author else ""


def _path(media_id: int) -> str:
    return "/attachments/" + public_url(media_id).rpartition("/")[2]
