"""What an appointment's notifications have come to: what its customer was told, and which times."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models import Appointment, Notification, NotificationStatus
from app.notifications.causes import REVIVABLE, Cause
from app.notifications.limits.recent import NOT_SAID
from app.notifications.types.notification_type import EXPECTED, Past

CONFIRMATION, MOVED, CANCELLATION = (
    "booking_confirmation",
    "appointment_moved",
    "appointment_cancelled",
)
NOTICES = (MOVED, CANCELLATION)


def told_with(appointment_id: int, starts_at: datetime | None = None) -> ColumnElement[list[int]]:
    """An array of the ids of its notifications, and of those that went in one message with them; of
    that start alone, where one is given."""
    its, other = aliased(Notification), aliased(Notification)
    query = (
        select(other.id)
        .join(its, or_(its.id == other.id, its.message_id == other.message_id))
        .where(its.appointment_id == appointment_id)
    )
    if starts_at is not None:
        query = query.where(its.starts_at == starts_at)
    return func.array(query.scalar_subquery())


def told(appointment: Appointment) -> bool:
    """Whether the customer was sent anything about it."""
    sent = Notification.status == NotificationStatus.SENT
    query = select(Notification.id).where(Notification.appointment_id == appointment.id, sent)
    return db.session.scalar(query.limit(1)) is not None


def past(appointment: Appointment, known: Iterable[Notification], enabled: Collection[str]) -> Past:
    """Of the appointment's notifications, as a type looks at it; enabled: the types that the
    business wants. Pure."""
    rows = list(known)
    settled = frozenset(row.type for row in rows if _settled(row))
    return Past(
        known_start(appointment, rows),
        settled,
        confirms=CONFIRMATION in enabled and CONFIRMATION not in settled,
        tells=appointment.tell_at is not None and MOVED in enabled,
    )


def known_start(appointment: Appointment, known: Iterable[Notification]) -> datetime | None:
    """The start that the customer takes it to have: as they were last told, else as was noted;
    None: of none, or that it is cancelled. Pure."""
    told = _told_since(appointment, known)
    if not told:
        return appointment.known_start
    return None if told[-1].type == CANCELLATION else told[-1].starts_at


def nothing_new(appointment: Appointment, known: Iterable[Notification]) -> bool:
    """Whether it is again as was noted, and nobody was told otherwise meanwhile. Pure."""
    as_noted = appointment.known_at and appointment.known_start == appointment.agreed_start
    return bool(as_noted) and not _told_since(appointment, known)


def _told_since(appointment: Appointment, known: Iterable[Notification]) -> list[Notification]:
    """What told them after what they know was noted, the last one last."""
    since = appointment.known_at
    return [row for row in _told(known) if since is None or _moment(row) >= since]


def _told(known: Iterable[Notification]) -> list[Notification]:
    """What told the customer of a start, the last one last."""
    return sorted(filter(_tells, known), key=lambda row: (_moment(row), row.id))


def _tells(row: Notification) -> bool:
    """Whether it names a start and went, or will; no message that failed or was taken back does."""
    sent = row.status == NotificationStatus.SENT and row.cause != Cause.UNDELIVERED
    lost = row.message is not None and row.message.status in NOT_SAID
    return sent and row.starts_at is not None and not lost


def _moment(row: Notification) -> datetime:
    return row.decided_at or row.due_at


def telling(appointment: Appointment, known: Iterable[Notification]) -> int:
    """The telling (revision) of its present start: that by which the customer was told of it; one
    more where they take it to have another since, or to be cancelled.

    Whoever asks again gets the same, until its message has left and then one about another start.
    Pure.
    """
    rows = _told(known)
    before = [row.telling for row in rows if row.starts_at == appointment.starts_at]
    if not before:
        return 0
    expected = appointment.status in EXPECTED
    return max(before) + (expected and known_start(appointment, rows) != appointment.starts_at)


def _settled(row: Notification) -> bool:
    return row.status != NotificationStatus.PLANNED and row.cause not in REVIVABLE
