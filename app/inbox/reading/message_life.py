"""What became of one message, step by step, and what else was said to the same customer in the same
words: so that whoever got it twice, or says so, can be answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.housekeeping import delete_old
from app.models import Direction, Message, MessageEvent, MessageEventKind

AROUND = timedelta(hours=24)
KEPT = timedelta(days=90)
# A carrier that reports again and again fills no page.
MOST = 200


def steps(message: Message) -> Sequence[MessageEvent]:
    """In their order; empty of a message that came in, and of one from before this was kept."""
    query = select(MessageEvent).where(MessageEvent.message_id == message.id)
    return db.session.scalars(query.order_by(MessageEvent.id).limit(MOST)).all()


def same_text(message: Message) -> Sequence[Message]:
    """What was to go to the same address in the same words, within AROUND before and after; that
    one left out."""
    said = (
        Message.customer_id == message.customer_id,
        Message.direction == Direction.OUTBOUND,
        Message.recipient == message.recipient,
        Message.body == message.body,
        Message.id != message.id,
        Message.created_at.between(message.created_at - AROUND, message.created_at + AROUND),
    )
    return db.session.scalars(select(Message).where(*said).order_by(Message.id).limit(MOST)).all()


def reported_again(
    message_id: int, status: str, code: int | None, error: str | None, at: datetime
) -> None:
    """Write down, in the caller's transaction, a report that changed nothing: what moves a message
    the database writes down itself."""
    db.session.add(
        MessageEvent(
            message_id=message_id,
            at=at,
            kind=MessageEventKind.REPORTED,
            status=status,
            error_code=code,
            error=error,
        )
    )


def forget(now: datetime) -> None:
    """Delete steps older than KEPT, of all tenants; some at a time, each time committed."""
    delete_old(MessageEvent, MessageEvent.at < now - KEPT)
