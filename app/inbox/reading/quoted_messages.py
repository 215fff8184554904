"""What messages answer: those that their customers, or staff, chose before they wrote."""

from collections.abc import Iterable

from sqlalchemy import select

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.inbox.reading.message_rows import MessageRow
from app.models import Direction, Message, MessageQuote


def _quotes(message: MessageRow, channel: Channel) -> bool:
    """Bare numbers, SMS, quote nothing; what we wrote does where the channel shows it."""
    theirs = bool(channel.prefix) or channel.is_scoped
    return theirs if message.inbound else channel.answers_one


def quoted(messages: Iterable[MessageRow]) -> dict[int, Message]:
    """By the id of each message that answers one: the other, of the same customer, as long as we
    have it."""
    heard = {
        message.id: message.customer_id
        for message in messages
        if _quotes(message, CHANNELS[message.channel])
    }
    if not heard:
        return {}
    query = (
        select(MessageQuote.message_id, Message)
        .join(Message, Message.provider_sid == MessageQuote.quoted_sid)
        .where(MessageQuote.message_id.in_(heard), Message.customer_id.in_(set(heard.values())))
    )
    return dict(db.session.execute(query).all())


def answerable(customer_id: int, message_id: int | None) -> Message | None:
    """The customer's message, if one of ours can be shown there as the answer to it; None: there is
    no such message."""
    theirs = Message.customer_id == customer_id, Message.direction == Direction.INBOUND
    known = Message.id == message_id, Message.provider_sid.is_not(None)
    found = db.session.scalar(select(Message).where(*theirs, *known)) if message_id else None
    return found if found and CHANNELS[found.channel].answers_one else None


def remember(message: Message, answers: int | None) -> None:
    """That a message of ours answers that one, in the transaction in which it is entered; by
    another channel than theirs it answers none."""
    other = answerable(message.customer_id, answers)
    if other and other.channel == message.channel:
        db.session.add(MessageQuote(message_id=message.id, quoted_sid=other.provider_sid or ""))
        db.session.flush()
