"""Whether a customer was sent a message of a kind lately, or will be."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app.extensions import db
from app.lib.memo import memoized, prime
from app.lib.message_status import MessageStatus
from app.models import Message, Notification, NotificationStatus

# What has such a state says nothing to anybody.
NOT_SAID = (MessageStatus.FAILED, MessageStatus.CANCELLED)


def other(row: Notification, since: datetime) -> Notification | None:
    """The customer's other notification of the kind that takes this one's place: sent since then,
    or planned before this one.

    Of two that are planned the one with the lower id goes. So that a lower one never appears
    later, whoever plans them holds the customer's lock.
    """
    found = memoized(("other", row.id), lambda: _others([row], since).get(row.id))
    # What was asked ahead was asked of a time that is no later.
    return found if found and _moment(found) > since else None


def ask_ahead(rows: Sequence[Notification], since: datetime) -> None:
    """So that `other` is known of all of them at once, from that time on."""
    found = _others(rows, since)
    for row in rows:
        prime(("other", row.id), found.get(row.id))


def _moment(row: Notification) -> datetime:
    return row.decided_at or row.due_at


def _others(rows: Sequence[Notification], since: datetime) -> dict[int, Notification]:
    """Of each row the latest that takes its place."""
    this = aliased(Notification)
    sent = and_(
        Notification.status == NotificationStatus.SENT,
        Notification.decided_at > since,
        or_(Message.id.is_(None), Message.status.not_in(NOT_SAID)),
    )
    sooner = and_(
        Notification.status == NotificationStatus.PLANNED,
        Notification.id < this.id,
        Notification.due_at > since,
    )
    latest = func.coalesce(Notification.decided_at, Notification.due_at).desc()
    query = (
        select(this.id, Notification)
        .join(Notification, _of_the_same(this))
        .outerjoin(Message, Message.id == Notification.message_id)
        .where(this.id.in_([row.id for row in rows]), or_(sent, sooner))
        .order_by(this.id, latest)
        .ext(distinct_on(this.id))
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _of_the_same(this: Any) -> ColumnElement[bool]:
    """The condition that it is the same customer's other of the same kind."""
    return and_(
        Notification.tenant_id == this.tenant_id,
        Notification.customer_id == this.customer_id,
        Notification.type == this.type,
        Notification.id != this.id,
    )
