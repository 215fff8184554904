"""Which messages go: those that are older than the business keeps them, and over in all."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload, undefer

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    AutomationEvent,
    Conversation,
    Customer,
    DeadLetter,
    Media,
    Message,
    MessageWords,
    ReceivedEmail,
)

UNDER_WAY = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.CHECKING)
# A message by its time and its id.
Place = tuple[datetime, int]
# More than these nobody counts.
MOST = 100_000


def goes(before: datetime) -> ColumnElement[bool]:
    """The condition that a message is older and that nobody has to see to anything of it: neither
    staff, nor the operator, nor a rule, nor a worker. While a conversation waits for somebody, all
    of it stays."""
    return and_(
        Message.created_at < before,
        Message.status.not_in(UNDER_WAY),
        ~Message.not_arrived(),
        ~_of_message(Conversation, Conversation.customer_id == Message.customer_id, waits()),
        ~_of_message(Media, Media.message_id == Message.id, Media.state == "waiting"),
        ~_of_message(DeadLetter, or_(DeadLetter.message_id == Message.id, _of_its_media())),
        ~_of_message(AutomationEvent, AutomationEvent.message_id == Message.id),
    )


def waits() -> ColumnElement[bool]:
    """The condition that somebody has to see to a conversation, now or later."""
    marks = (
        Conversation.waiting_since,
        Conversation.waited_since,
        Conversation.snoozed_until,
        Conversation.open_reply_id,
        Conversation.stop_asked_id,
    )
    return or_(Conversation.unread_count > 0, *(mark.is_not(None) for mark in marks))


def _of_its_media() -> ColumnElement[bool]:
    media = select(Media.id).where(
        Media.tenant_id == Message.tenant_id, Media.message_id == Message.id
    )
    return DeadLetter.media_id.in_(media)


def _of_message(
    kind: type[Conversation | Media | DeadLetter | AutomationEvent], *which: ColumnElement[bool]
) -> ColumnElement[bool]:
    return exists().where(kind.tenant_id == Message.tenant_id, *which)


def oldest(before: datetime) -> datetime | None:
    """When the first of those that go was said. They are found by the index of the search, which
    has every message by its time: what is not in it yet stays."""
    place = select(MessageWords.at).join(Message, _is_of()).where(MessageWords.at < before)
    return db.session.scalar(place.where(goes(before)).order_by(*_place()).limit(1))


def count(before: datetime) -> int:
    """How many are older, MOST at most."""
    old = select(MessageWords.message_id).where(MessageWords.at < before).limit(MOST).subquery()
    return db.session.scalar(select(func.count()).select_from(old)) or 0


def following(
    last: Place | None, since: datetime, before: datetime, most: int
) -> Sequence[Message]:
    """Those that go of that time, in the order of their places, after the last one; with all that
    is archived of them but the content of their files."""
    query = select(Message).join(MessageWords, _is_of())
    query = query.where(MessageWords.at >= since, MessageWords.at < before, goes(before))
    if last:
        query = query.where(tuple_(*_place()) > tuple_(*last))
    told = (
        joinedload(Message.customer).selectinload(Customer.contact_points),
        joinedload(Message.author),
        joinedload(Message.reply),
        joinedload(Message.received_email).options(undefer(ReceivedEmail.html)),
        selectinload(Message.media),
    )
    return db.session.scalars(query.options(*told).order_by(*_place()).limit(most)).unique().all()


def _is_of() -> ColumnElement[bool]:
    return and_(MessageWords.tenant_id == Message.tenant_id, MessageWords.message_id == Message.id)


def _place() -> tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[int]]:
    return MessageWords.at, MessageWords.message_id
