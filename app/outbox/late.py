"""What waited until it would only confuse is not sent any more."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select, update

from app.extensions import db
from app.lib.status import MessageStatus
from app.models import Message, SenderPause
from app.outbox.budget import exhausted
from app.tenancy import unscoped

TOO_LATE = "It was not sent in time: by now it would say what no longer holds."
OVER_THE_LIMIT = (
    "It was not sent in time: the texts that your business may send in a day were used up. Our"
    " operator can allow more."
)
# Nobody tried to send it, so that the channel may be tried yet.
UNTRIED = (TOO_LATE, OVER_THE_LIMIT)


def in_time(now: datetime) -> ColumnElement[bool]:
    """The condition that a message may still be sent."""
    return or_(Message.not_after.is_(None), Message.not_after > now)


def refuse_late(now: datetime) -> int:
    """What waits and is too late has failed, committed; how many messages. What waited for its
    sender failed for the sender's reason, so that it may go by another channel (again.py)."""
    sender = (SenderPause.tenant_id == Message.tenant_id, SenderPause.channel == Message.channel)
    at_fault = select(SenderPause.reason).where(*sender).scalar_subquery()
    else_late = case((exhausted(now), OVER_THE_LIMIT), else_=TOO_LATE)
    refused = (
        update(Message)
        .where(Message.status == MessageStatus.QUEUED, Message.not_after <= now)
        .values(status=MessageStatus.FAILED, error=func.coalesce(at_fault, else_late))
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the outbox is one for all tenants"):
        ids = db.session.scalars(refused).all()
        db.session.commit()
    return len(ids)
