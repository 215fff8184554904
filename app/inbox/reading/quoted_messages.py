"""What messages answer: those that their customers chose on the telephone before they wrote."""

from collections.abc import Iterable

from sqlalchemy import select

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.inbox.reading.message_rows import MessageRow
from app.models import Message, MessageQuote


def _quotes(channel: Channel) -> bool:
    return bool(channel.prefix) or channel.is_scoped


def quoted(messages: Iterable[MessageRow]) -> dict[int, Message]:
    """By the id of each inbound message that answers one: the other, of the same customer, as long
    as we have it. Bare numbers, SMS, quote nothing."""
    heard = {
        message.id: message.customer_id
        for message in messages
        if message.inbound and _quotes(CHANNELS[message.channel])
    }
    if not heard:
        return {}
    query = (
        select(MessageQuote.message_id, Message)
        .join(Message, Message.provider_sid == MessageQuote.quoted_sid)
        .where(MessageQuote.message_id.in_(heard), Message.customer_id.in_(set(heard.values())))
    )
    return dict(db.session.execute(query).all())
