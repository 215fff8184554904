"""Gives back what was claimed and whose call has not begun: the next worker takes it at once."""

from sqlalchemy import update

from app import live
from app.extensions import db
from app.lib.status import MessageStatus
from app.models import Message
from app.outbox.record import Claimed
from app.providers.base import Outcome, SendError
from app.tenancy import tenant_scope


class NotBegun(SendError):
    """The carrier was not called, and certainly has nothing."""

    def __init__(self) -> None:
        super().__init__("It was not sent yet, and is sent in a moment.", Outcome.RETRY)


def give_back(message: Claimed) -> None:
    """Queue the message as if it had never been claimed; only for whoever holds the claim."""
    untouched = (
        update(Message)
        .where(Message.id == message.id, Message.claim == message.claim)
        .where(Message.status == MessageStatus.SENDING)
        .values(
            status=MessageStatus.QUEUED,
            attempts=Message.attempts - 1,
            claim=None,
            lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )
    with tenant_scope(message.tenant_id):
        db.session.execute(untouched)
        db.session.commit()
    live.publish(message.tenant_id, message.customer_id)
