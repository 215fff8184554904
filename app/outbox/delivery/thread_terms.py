"""On what terms messages enter a thread at Meta: after its session window, as a person typed them
(HUMAN_AGENT), and in answer to which message of the customer's."""

from typing import NamedTuple

from sqlalchemy import case, select

from app.channels import CHANNELS
from app.extensions import db
from app.models import ChannelThread, Message, MessageQuote
from app.outbox.delivery.of_messages import of_messages

WINDOWS = {c.key: c.session_window for c in CHANNELS.values() if c.human_window}


class Terms(NamedTuple):
    by_human_agent: bool = False
    answers: str = ""
    """The carrier's id of the other message; empty: none."""


def terms_of(messages: list[Message]) -> dict[int, Terms]:
    """By the ids of those that may have any."""
    there = [each for each in messages if each.channel in WINDOWS]
    if not there:
        return {}
    late, answers = _after_the_window(there), _answered(there)
    return {each.id: Terms(each.id in late, answers.get(each.id, "")) for each in there}


def _after_the_window(messages: list[Message]) -> set[int]:
    """Within the window none says so, as it would fail where the business's app may not. Only what
    goes out by itself has an end of its use."""
    typed = [each for each in messages if each.not_after is None]
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
    return set(db.session.scalars(query)) if typed else set()


def _answered(messages: list[Message]) -> dict[int, str]:
    of_them = of_messages(messages, MessageQuote.tenant_id, MessageQuote.message_id)
    query = select(MessageQuote.message_id, MessageQuote.quoted_sid).where(of_them)
    return dict(db.session.execute(query).all())
