"""Which messages leave after the session window, as a person typed them (Meta: HUMAN_AGENT)."""

from sqlalchemy import case, select

from app.channels import CHANNELS
from app.extensions import db
from app.models import ChannelThread, Message
from app.outbox.delivery.of_messages import of_messages

WINDOWS = {c.key: c.session_window for c in CHANNELS.values() if c.human_window}


def after_the_window(messages: list[Message]) -> set[int]:
    """The ids of those; within the window none says so, as it would fail where the business's app
    may not."""
    # Only what goes out by itself has an end of its use.
    typed = [each for each in messages if each.channel in WINDOWS and each.not_after is None]
    if not typed:
        return set()
    window = case(*((Message.channel == key, length) for key, length in WINDOWS.items()))
    closed = Message.attempted_at > ChannelThread.opened_at + window
    query = (
        select(Message.id)
        .join(
            ChannelThread,
            (ChannelThread.tenant_id == Message.tenant_id)
            & (ChannelThread.customer_id == Message.customer_id)
            & (ChannelThread.channel == Message.channel),
        )
        .where(of_messages(typed, Message.tenant_id, Message.id), closed)
    )
    return set(db.session.scalars(query))
