"""A customer may have asked for no more messages, in a sentence that is no STOP: what would go to
them by itself waits until a person has decided (47 CFR 64.1200(a)(10))."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update

from app import live, tasks
from app.extensions import db
from app.models import Conversation, Message, Notification, ScheduledMessage
from app.outbox.queue import session_window
from app.outbox.queue.opt_out import stop_by_staff
from app.tenancy import current_tenant_id

UNDECIDED = (
    "They may have asked for no more messages. In their conversation, stop the messages or keep"
    " them."
)


def undecided(customer_id: int) -> bool:
    """Whether nobody has decided yet what the customer meant."""
    talk = session_window.conversation(customer_id)
    return talk is not None and talk.stop_asked_id is not None


def among(customer_ids: Collection[int]) -> set[int]:
    """Those of the customers about whom nobody has decided yet."""
    asked = Conversation.customer_id.in_(customer_ids), Conversation.stop_asked_id.is_not(None)
    return set(db.session.scalars(select(Conversation.customer_id).where(*asked)))


def waits(
    row: type[Message] | type[Notification] | type[ScheduledMessage],
) -> ColumnElement[bool]:
    """The condition that such a row is for a customer about whom nobody has decided yet."""
    return exists().where(
        Conversation.tenant_id == row.tenant_id,
        Conversation.customer_id == row.customer_id,
        Conversation.stop_asked_id.is_not(None),
    )


def stop(customer_id: int, message_id: int, now: datetime) -> None:
    """They want no more messages where they wrote that one from. Commits. Nothing happens where
    somebody else has decided, or they have written another such sentence."""
    if _decided(customer_id, message_id):
        stop_by_staff(db.session.get_one(Message, message_id), now)
    _done(customer_id)


def keep(customer_id: int, message_id: int) -> None:
    """They meant something else: what waits goes on, where it is not too late. Commits."""
    _decided(customer_id, message_id)
    _done(customer_id)


def _decided(customer_id: int, message_id: int) -> bool:
    """Whether it is decided now."""
    mine = Conversation.customer_id == customer_id, Conversation.stop_asked_id == message_id
    cleared = update(Conversation).where(*mine).values(stop_asked_id=None)
    kept = cleared.returning(Conversation.id).execution_options(synchronize_session=False)
    return db.session.scalar(kept) is not None


def _done(customer_id: int) -> None:
    db.session.commit()
    tasks.enqueue(tasks.Task.DISPATCH)
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    live.publish(current_tenant_id(), customer_id)


def asking(conversation: Conversation | None) -> Message | None:
    """The message in which they may have asked for it."""
    if conversation is None or conversation.stop_asked_id is None:
        return None
    return db.session.scalar(select(Message).where(Message.id == conversation.stop_asked_id))
