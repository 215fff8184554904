"""What no longer holds is taken out, from the plan or the outbox, as long as it has not left."""

from datetime import datetime

from sqlalchemy import String, and_, any_, cast, func, literal, or_, select, update

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Appointment, Message, Notification, NotificationStatus, Outcome, Reply
from app.notifications import transitions
from app.notifications.answers import OURS
from app.notifications.causes import Cause, Hindrance
from app.notifications.planning.history import NOTICES, told_with
from app.notifications.types import TYPES
from app.outbox import transitions as message_transitions
from app.outbox.queue.due import IN_FLIGHT
from app.outbox.queue.expiry import TOO_LATE

TAKEN_BACK = "It was taken back: it no longer holds."
DELETED = "The appointment was deleted."
BECAME = {"cancelled": "was cancelled", "completed": "was completed", "no_show": "is over"}


def gone(row: Notification, appointment: Appointment | None) -> Hindrance | None:
    """Why the row no longer holds, by what has become of its appointment. Pure."""
    if row.starts_at is None:
        return None
    if appointment is None:
        return Hindrance(Cause.APPOINTMENT_OVER, DELETED)
    if row.customer_id != appointment.customer_id:
        return Hindrance(Cause.MOVED, "The appointment was given to another customer.")
    if row.starts_at != appointment.starts_at:
        return Hindrance(Cause.MOVED, "The appointment was moved to another time.")
    if row.telling != appointment.telling:
        return Hindrance(Cause.MOVED, "The appointment was moved away and back meanwhile.")
    kind = TYPES.get(row.type)
    if kind and appointment.status not in kind.states:
        word = BECAME.get(appointment.status, "was reopened")
        return Hindrance(Cause.APPOINTMENT_OVER, f"The appointment {word}.")
    return None


def take_out(row: Notification, appointment: Appointment, now: datetime) -> None:
    """End what the appointment as it stands asks for no more; what is due and holds goes, but no
    notice of what something else says by now."""
    waits = row.due_at > now or row.type in NOTICES
    if found := gone(row, appointment):
        end(row, found.cause, found.reason, now)
    elif row.status == NotificationStatus.PLANNED and waits:
        end(row, Cause.SETTINGS, "It is no longer called for.", now)


def end(row: Notification, cause: Cause, reason: str, now: datetime) -> None:
    """Take out what waits, here or in the outbox, and what did not arrive; what has left stays as
    it is."""
    if row.status == NotificationStatus.SENT and not _withdrawn(row, now):
        return
    if row.status in (NotificationStatus.PLANNED, NotificationStatus.SENT):
        transitions.cancel(row, cause, reason, now)


def _withdrawn(row: Notification, now: datetime) -> bool:
    """Whether its message has not left, and will not any more."""
    lock = select(Message).where(Message.id == row.message_id).with_for_update()
    message = db.session.scalar(lock.execution_options(populate_existing=True))
    if message is None:
        return False
    # What failed and may still go by another channel (fallback.py).
    failed = message.status is MessageStatus.FAILED and row.cause == Cause.SENT
    return failed or (_tells_of_others(row) and _expired(message)) or taken_back(message, now)


def _tells_of_others(row: Notification) -> bool:
    others = Notification.message_id == row.message_id, Notification.id != row.id
    sent = Notification.status == NotificationStatus.SENT
    return db.session.scalar(select(Notification.id).where(*others, sent).limit(1)) is not None


def _expired(message: Message) -> bool:
    """Whether it waited in the outbox, and does no more. What else it told of did not go, and is
    planned once more by whoever looks for that (fallback.py)."""
    if message.status is not MessageStatus.QUEUED:
        return False
    db.session.execute(message_transitions.expire([Message.id == message.id], TOO_LATE))
    db.session.refresh(message)
    return True


def taken_back(message: Message, now: datetime) -> bool:
    """Take the message, whose lock the caller holds, out of the outbox; whether it waited there."""
    if message.status is MessageStatus.QUEUED:
        db.session.execute(message_transitions.cancel([Message.id == message.id], TAKEN_BACK))
        db.session.refresh(message)
        return True
    if message.status in IN_FLIGHT:
        # It may be gone. Comes it back into the outbox, it has been too late since now.
        message.not_after = min(message.not_after or now, now)
    return False


def unsay(appointment: Appointment, now: datetime, deleted: bool = False) -> None:
    """What we answered to its customer comes too late from now on, where the appointment is no
    longer as it says. Part of the caller's transaction."""
    as_said = Reply.outcome.in_((appointment.status, Outcome.TO_STAFF))
    here = Reply.notification_id == any_(told_with(appointment.id, appointment.starts_at))
    at_its_start = or_(Reply.starts_at == appointment.starts_at, here)
    holds = and_(at_its_start, as_said, literal(not deleted))
    about_it = or_(
        Reply.appointment_id == appointment.id,
        Reply.notification_id == any_(told_with(appointment.id)),
    )
    stale = select(literal(OURS) + cast(Reply.message_id, String)).where(
        Reply.tenant_id == appointment.tenant_id,
        about_it,
        Reply.answered,
        ~holds,
    )
    answers = update(Message).where(
        Message.status.in_((MessageStatus.QUEUED, *IN_FLIGHT)), Message.client_token.in_(stale)
    )
    late = answers.values(not_after=func.least(Message.not_after, now))
    db.session.execute(late.execution_options(synchronize_session=False))
