"""The customer wrote, and staff have not written back for so long."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app import business_hours
from app.automation.choices import fixed
from app.automation.rule_part import Gap, Options, Trigger
from app.automation.snapshot import Snapshot
from app.automation.who_wrote import by_a_person
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    ConsentEvent,
    ConversationEvent,
    ConversationEventKind,
    Direction,
    EventType,
    Message,
    Reply,
)
from app.replies.act_on_reply import DONE

WROTE_AGAIN = "They have written again, and that is waited for instead."
ANSWERED = "Somebody answered."
CLOSED = "Somebody closed the conversation."
UNDERSTOOD = "It was understood, and needs no answer of a person."


def due(at: datetime, options: Options) -> datetime | None:
    """As long as it has not said when it is open, a business is taken to be so at all times."""
    wait = timedelta(minutes=int(options["minutes"]))
    hours = business_hours.of_tenant() if options["counted"] == "open" else None
    return hours.after(at, wait) if hours else at + wait


def void(seen: Snapshot, now: datetime) -> str:
    """What was said since the message; nothing of what goes out by itself."""
    if seen.message is None:
        return "The message is gone."
    if _understood(seen.message):
        return UNDERSTOOD
    return _said(seen.message, now) or _closed(seen.message, now)


def _understood(message: Message) -> bool:
    """An answer to a reminder that was carried out, or a STOP."""
    consent = select(ConsentEvent.id).where(ConsentEvent.message_id == message.id)
    done = message.reply is not None and message.reply.outcome in DONE
    return done or db.session.scalar(consent.limit(1)) is not None


def _said(message: Message, now: datetime) -> str:
    query = (
        select(Message.direction)
        .where(Message.customer_id == message.customer_id, Message.id > message.id)
        .where(Message.created_at <= now, or_(_by_hand(), _waited_for()))
        .order_by(Message.id)
        .limit(1)
    )
    said = db.session.scalar(query)
    if said is None:
        return ""
    return WROTE_AGAIN if said == Direction.INBOUND else ANSWERED


def _by_hand() -> ColumnElement[bool]:
    # What goes out by itself has an end to its use.
    left = Message.status != MessageStatus.CANCELLED
    return and_(Message.direction == Direction.OUTBOUND, Message.not_after.is_(None), left)


def _waited_for() -> ColumnElement[bool]:
    """The condition that a message has a wait of its own, in place of the earlier one's."""
    settled = exists().where(Reply.message_id == Message.id, Reply.outcome.in_(DONE))
    consent = exists().where(ConsentEvent.message_id == Message.id)
    return and_(by_a_person(), ~settled, ~consent)


def _closed(message: Message, now: datetime) -> str:
    """By a person: what a rule closes nobody has looked at."""
    query = select(ConversationEvent.id).where(
        ConversationEvent.customer_id == message.customer_id,
        ConversationEvent.kind == ConversationEventKind.CLOSED,
        ConversationEvent.at.between(message.created_at, now),
        ConversationEvent.rule_name.is_(None),
    )
    return CLOSED if db.session.scalar(query.limit(1)) else ""


PART = Trigger(
    key="nobody_answered",
    order=20,
    sentence="nobody answers a customer for {minutes} minutes {counted}",
    gaps=(
        Gap(key="minutes", kind="number", label="Minutes", default=30, least=1, most=10_080),
        Gap(
            key="counted",
            kind="choice",
            label="How the minutes count",
            default="all",
            choices=fixed(("all", "by the clock"), ("open", "of opening time")),
        ),
    ),
    events=frozenset({EventType.MESSAGE_RECEIVED}),
    due=due,
    void=void,
)
