"""What staff do to a notification: cancel it, send it before its time, or try it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from app import live, tasks
from app.extensions import db
from app.models import Appointment, Message, Notification, NotificationStatus, Tenant
from app.notifications import transitions
from app.notifications.causes import Cause, Hindrance
from app.notifications.decision.decide import Send, Wait
from app.notifications.decision.joined import company, decide_together
from app.notifications.dispatch import enter
from app.notifications.due_notifications import locked_all
from app.notifications.planning.withdraw import gone
from app.outbox.refused import Refused
from app.tenancy import current_tenant_id

GONE = "It is not planned any more, so nothing was changed. Look at the list again."
BUSY = "Somebody is at work on what goes with it. Look at the list again."
PASSED = "It would come too late."
INSTEAD = "Write to them instead."
PAUSED = "All automatic messages are paused. An admin can let them go on."


class InQuietHours(Refused):
    """The customer has quiet hours; a person may want it sent all the same."""


def cancel(id_: int, now: datetime) -> None:
    """Take the planned notification out for good, with those that would go in its message,
    committed. Raises Refused."""
    with _planned(id_) as row:
        for each in (row, *_company(row)):
            transitions.cancel(each, Cause.BY_STAFF, "It was cancelled by hand.", now)


def send_now(id_: int, now: datetime, although_quiet: bool = False) -> None:
    """Give the planned notification to the outbox before its time, with those that would go in its
    message, committed.

    Raises Refused with the reason where it could not go, and InQuietHours unless a person has
    said that it goes all the same; it then stays planned.
    """
    with _planned(id_) as row:
        enter([(row, _sendable(row, now, although_quiet))], now)
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)


def _sendable(row: Notification, now: datetime, although_quiet: bool) -> Send:
    if db.session.get_one(Tenant, current_tenant_id()).paused_at:
        raise Refused(PAUSED)
    match decide_together(row, now, _company(row), although_quiet):
        case Send() as send:
            return send
        case Wait() | Hindrance(Cause.QUIET_HOURS):
            raise InQuietHours("The customer has quiet hours now.")
        case Hindrance() as hindrance:
            raise Refused(hindrance.reason)


def _company(row: Notification) -> list[Notification]:
    """Locked, too. Raises Refused where somebody else is at work on them."""
    others = locked_all(company(row))
    if others is None:
        raise Refused(BUSY)
    return others


def still_holds(message: Message, now: datetime) -> None:
    """Before it is tried again. Raises Refused where it went by itself, about an appointment that
    is not as it says any more."""
    tried = Notification.message_id.in_(list(_tries(message)))
    for row in db.session.scalars(select(Notification).where(tried)):
        _still_holds(row, now)


def _still_holds(row: Notification, now: datetime) -> None:
    if row.starts_at is None:
        return
    of = db.session.get(Appointment, row.appointment_id) if row.appointment_id else None
    if found := gone(row, of):
        raise Refused(f"{found.reason} {INSTEAD}")
    if row.useful_until <= now:
        raise Refused(f"{PASSED} {INSTEAD}")


def _tries(message: Message | None) -> Iterator[int]:
    """Its id, and those of the messages in whose place it went."""
    while message:
        yield message.id
        earlier = message.again_of_id
        message = db.session.get(Message, earlier) if earlier else None


@contextmanager
def _planned(id_: int) -> Iterator[Notification]:
    """The row, locked; committed afterwards, and let go as it was where that is refused."""
    query = select(Notification).where(Notification.id == id_).with_for_update()
    try:
        # What another did meanwhile is seen, and not what this session has read before.
        row = db.session.scalar(query.execution_options(populate_existing=True))
        if row is None or row.status != NotificationStatus.PLANNED:
            raise Refused(GONE)
        yield row
    except Refused:
        db.session.rollback()
        raise
    tenant_id, customer_id = row.tenant_id, row.customer_id
    db.session.commit()
    live.publish(tenant_id, customer_id)
