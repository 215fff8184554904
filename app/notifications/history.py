"""What an appointment's notifications have come to: what its customer was told, and which times."""

from collections.abc import Iterable

from sqlalchemy import select

from app.extensions import db
from app.models import Appointment, Notification, NotificationStatus
from app.notifications.causes import REVIVABLE, Cause
from app.notifications.types.base import Past


def told(appointment: Appointment) -> bool:
    """Whether the customer was sent anything about it."""
    sent = Notification.status == NotificationStatus.SENT
    query = select(Notification.id).where(Notification.appointment_id == appointment.id, sent)
    return db.session.scalar(query.limit(1)) is not None


def past(known: Iterable[Notification]) -> Past:
    rows = list(known)
    starts = [row.starts_at for row in _told(rows)]
    settled = frozenset(row.type for row in rows if _settled(row))
    return Past(starts[-1] if starts else None, settled)


def _told(known: Iterable[Notification]) -> list[Notification]:
    """What told the customer of a start, the last one last."""
    sent = (row for row in known if row.status == NotificationStatus.SENT and row.starts_at)
    told = (row for row in sent if row.cause != Cause.UNDELIVERED)
    return sorted(told, key=lambda row: (row.decided_at or row.due_at, row.id))


def telling(appointment: Appointment, known: Iterable[Notification]) -> int:
    """The telling of its present start: that by which the customer was told of it; one more where
    they have been told of another since.

    Whoever asks again gets the same, until its message has left and then one about another start.
    """
    rows = _told(known)
    before = [row.telling for row in rows if row.starts_at == appointment.starts_at]
    if not before:
        return 0
    return max(before) + (rows[-1].starts_at != appointment.starts_at)


def _settled(row: Notification) -> bool:
    return row.status != NotificationStatus.PLANNED and row.cause not in REVIVABLE
