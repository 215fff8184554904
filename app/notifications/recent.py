"""Whether a customer was sent a message of a kind lately, or will be."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select

from app.extensions import db
from app.lib.status import MessageStatus
from app.models import Message, Notification, NotificationStatus

# What has such a state says nothing to anybody.
NOT_SAID = (MessageStatus.FAILED, MessageStatus.CANCELLED)


def other(row: Notification, since: datetime) -> Notification | None:
    """The customer's other notification of the kind that takes this one's place: sent since then,
    or planned before this one.

    Of two that are planned the one with the lower id goes. So that a lower one never appears
    later, whoever plans them holds the customer's lock.
    """
    sent = and_(
        Notification.status == NotificationStatus.SENT,
        Notification.decided_at > since,
        or_(Message.id.is_(None), Message.status.not_in(NOT_SAID)),
    )
    sooner = and_(
        Notification.status == NotificationStatus.PLANNED,
        Notification.id < row.id,
        Notification.due_at > since,
    )
    query = (
        select(Notification)
        .outerjoin(Message, Message.id == Notification.message_id)
        .where(Notification.customer_id == row.customer_id, Notification.type == row.type)
        .where(Notification.id != row.id, or_(sent, sooner))
        .order_by(func.coalesce(Notification.decided_at, Notification.due_at).desc())
        .limit(1)
    )
    return db.session.scalar(query)
