"""Which notifications of the business in scope are due, and the lock of whoever settles them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Notification, NotificationStatus, Tenant
from app.notifications.decision.loading import LOADS
from app.outbox.queue.stop_asked import waits


def next_due(now: datetime, most: int, broken: Collection[int] = ()) -> list[int]:
    """Some of the tenant in scope that are due and that nobody else is at work on, by their ids,
    locked until the transaction ends: what broke before comes last, and those given as broken do
    not come. Dispatchers side by side get others each."""
    new, again = Notification.attempts == 0, Notification.attempts > 0
    found = _some(now, most, new, Notification.id.not_in(broken))
    if len(found) < most:
        found += _some(now, most - len(found), again, Notification.id.not_in(broken))
    return found


def _some(now: datetime, most: int, *which: ColumnElement[bool]) -> list[int]:
    """In the order of ix_notification_turn, which is read no further than that."""
    turn = select(Notification.id).where(due(now), *which)
    turn = turn.order_by(Notification.due_at, Notification.id).limit(most)
    return list(db.session.scalars(turn.with_for_update(of=Notification, skip_locked=True)))


def locking(*which: ColumnElement[bool]) -> Select[Notification]:
    """Those of the rows that nobody else is at work on, locked until the transaction ends, with
    all that they are about."""
    whole = select(Notification).where(*which).options(*LOADS, joinedload(Notification.tenant))
    # What another did meanwhile is seen, and not what this session has read before.
    fresh = whole.execution_options(populate_existing=True)
    return fresh.with_for_update(of=Notification, skip_locked=True)


def locked(id_: int, now: datetime) -> Notification | None:
    """The one, if it is still due and nobody else is at work on it, locked until the transaction
    ends, with all that it is about."""
    return db.session.scalar(locking(Notification.id == id_, due(now)))


def locked_all(ids: Collection[int]) -> list[Notification] | None:
    """All of them, planned and locked likewise; None: somebody else is at work on one, or was."""
    planned = Notification.status == NotificationStatus.PLANNED
    found = db.session.scalars(locking(Notification.id.in_(ids), planned)).all() if ids else []
    return list(found) if len(found) == len(ids) else None


def due(now: datetime) -> ColumnElement[bool]:
    planned = Notification.status == NotificationStatus.PLANNED
    return and_(planned, Notification.due_at <= now, _goes_on(), decided(now))


def decided(now: datetime) -> ColumnElement[bool]:
    """The condition that no person has to decide first, or that it is too late for that."""
    return or_(~waits(Notification), Notification.useful_until <= now)


def _goes_on() -> ColumnElement[bool]:
    """The condition that its business has not paused, at this very moment."""
    return exists().where(Tenant.id == Notification.tenant_id, Tenant.paused_at.is_(None))
