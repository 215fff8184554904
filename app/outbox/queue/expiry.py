"""Expiry: what waited until it would only confuse is not sent any more."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select

from app.models import Message, SenderPause
from app.outbox.queue.daily_limit import exhausted
from app.outbox.queue.fail_waiting import fail_waiting

TOO_LATE = "It was not sent in time: by now it would say what no longer holds."
OVER_THE_LIMIT = (
    "It was not sent in time: the texts that your business may send in a day were used up. Our"
    " operator can allow more."
)
# Nobody tried to send it, so that the channel may be tried yet.
UNTRIED = (TOO_LATE, OVER_THE_LIMIT)


def in_time(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """The condition that a message may still be sent."""
    return or_(Message.not_after.is_(None), Message.not_after > now)


def refuse_late(now: datetime) -> int:
    """What waits and is too late has failed, committed; how many messages. What waited for its
    sender failed for the sender's reason, so that it may go by another channel (again.py)."""
    sender = (SenderPause.tenant_id == Message.tenant_id, SenderPause.channel == Message.channel)
    at_fault = select(SenderPause.reason).where(*sender).scalar_subquery()
    else_late = case((exhausted(now), OVER_THE_LIMIT), else_=TOO_LATE)
    return fail_waiting(func.coalesce(at_fault, else_late), Message.not_after <= now)
