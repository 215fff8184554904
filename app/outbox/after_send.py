"""What staff can still do about a message: take it back, send it at once, try it again."""

from datetime import datetime

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import undefer

from app import live, tasks
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Customer, Direction, Media, Message
from app.outbox import transitions
from app.outbox.compose import conversation_before, drafts
from app.outbox.compose.approved_template import Filled
from app.outbox.compose.attachments import Upload
from app.outbox.compose.drafts import Begun
from app.outbox.compose.manual_message import compose
from app.outbox.offers import OFFER
from app.outbox.refused import Refused
from app.outbox.settle import dead_letters

TOO_LATE = "It is too late: the message has left already."
CANCELLED = "This message was taken back already: it does not go out."


def take_back(message: Message, user_id: int | None, now: datetime) -> Begun:
    """Cancel a message that waits: its conversation is as it was before it, and what it said is in
    the draft of the user who takes it back (an operator's, None, is only given back). Raises
    Refused when it left."""
    _move(message, transitions.cancel([Message.id == message.id]))
    conversation_before.restore(message)
    begun = drafts.put_back(message, user_id, now) if _is_own_text(message) else Begun()
    _commit(message)
    return begun


def _is_own_text(message: Message) -> bool:
    """Written by hand, and neither an approved template nor what failed and stands there still."""
    by_itself = message.not_after is not None
    return not (by_itself or message.content_sid or message.again_of_id)


def send_now(message: Message, now: datetime) -> None:
    """Let a message that waits leave at once. Raises Refused when it has left."""
    waits = Message.id == message.id, Message.status == MessageStatus.QUEUED
    _move(message, update(Message).where(*waits).values(send_after=now))
    _commit(message)
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)


def _move(message: Message, change: Update) -> None:
    unseen = change.returning(Message.id).execution_options(synchronize_session=False)
    if db.session.scalar(unseen) is None:
        db.session.rollback()
        cancelled = message.status is MessageStatus.CANCELLED
        raise Refused(CANCELLED if cancelled else TOO_LATE)


def _commit(message: Message) -> None:
    db.session.commit()
    live.publish(message.tenant_id, message.customer_id)


def try_again(message: Message, now: datetime, author_id: int | None) -> Message:
    """A failed message once more, as a new one that says so; pressed twice it is one, unless that
    one was taken back.

    Raises Refused where the message did not fail, or cannot be sent now.
    """
    dead_letters.take_over(message.id)
    db.session.refresh(message)
    if message.status is not MessageStatus.FAILED or message.direction != Direction.OUTBOUND:
        raise Refused("Only a message that failed can be tried again.")
    if str(message.client_token).startswith(OFFER):
        raise Refused("An offer is not tried again by hand: write to them yourself.")
    customer = db.session.get_one(Customer, message.customer_id)
    token = _token_of_next_try(message)
    files = db.session.scalars(
        select(Media)
        .where(Media.message_id == message.id)
        .order_by(Media.position)
        .options(undefer(Media.content))
    )
    uploads = [Upload(file.name, file.content or b"") for file in files]
    return compose(
        customer,
        message.channel,
        message.body,
        now,
        author_id,
        token,
        message.id,
        uploads,
        Filled.of(message),
        message.subject or "",
        message.html,
    )


def _token_of_next_try(message: Message) -> str:
    """The same until a try is taken back."""
    taken_back = Message.again_of_id == message.id, Message.status == MessageStatus.CANCELLED
    last = db.session.scalar(select(func.max(Message.id)).where(*taken_back))
    return f"again-{message.id}-{last}" if last else f"again-{message.id}"
