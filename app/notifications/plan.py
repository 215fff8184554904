"""An appointment's notifications become what they must be, in the appointment's transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.lib.status import MessageStatus
from app.models import (
    Appointment,
    Customer,
    Message,
    Notification,
    NotificationStatus,
    Tenant,
)
from app.notifications.causes import REVIVABLE, Cause
from app.notifications.settings import Policy, policy
from app.notifications.timing import Quiet, allowed
from app.notifications.types import TYPES
from app.notifications.types.base import Hindrance, Past, Slot, Step
from app.outbox.due import IN_FLIGHT
from app.tenancy import current_tenant_id

CONFIRMATION = "booking_confirmation"
NOT_ASKED = "It was entered without a confirmation."
IN_QUIET_HOURS = "Its time is within quiet hours, and there is no other before the appointment."
TAKEN_BACK = "It was taken back: it no longer holds."
DELETED = "The appointment was deleted."
BECAME = {"cancelled": "was cancelled", "completed": "was completed", "no_show": "is over"}


def keep(appointment: Appointment, now: datetime, announce: bool = True) -> None:
    """Plan what the appointment as it stands asks for, and take out what no longer holds: planned
    rows, and messages that have not left the outbox. Only for whoever holds the appointment's
    lock, or has just made it, and commits.

    Called as often as one likes it changes nothing more. Without announce an appointment that
    is new gets no confirmation.
    """
    db.session.flush()
    known = _that_count(appointment)
    if not announce and not known and not _known(appointment):
        known = [_unasked(appointment, now)]
    for row in known:
        if not _same(row, appointment):
            _take_out(row, appointment, now)
    # Only now: what was taken out of the outbox has told nobody anything.
    appointment.telling = _telling(appointment, known)
    steps = dict(planned(appointment, known, now))
    for row in known:
        if row.telling != appointment.telling or (row.type, row.step) not in steps:
            _take_out(row, appointment, now)
    for (type_, _), step in steps.items():
        _put(appointment, type_, step, now)
    appointment.planned_for = appointment.starts_at
    db.session.flush()


def planned(
    appointment: Appointment,
    known: Iterable[Notification],
    now: datetime,
    rules: Policy | None = None,
) -> Iterator[tuple[tuple[str, int], Step]]:
    """What the appointment asks for, each with its type and step, at the time when it may go.

    By the tenant's settings, unless other rules are given. Writes nothing.
    """
    rules = rules or policy()
    customer = db.session.get_one(Customer, appointment.customer_id)
    quiet = quiet_hours(rules.tenant, customer, rules)
    slot, past = _slot(appointment, rules.tenant), _past(known)
    for key, setting in rules.types.items():
        for step in setting.type.plan(slot, setting.options, past, now):
            yield (key, step.step), _in_peace(step, slot, quiet)


def told(appointment: Appointment) -> bool:
    """Whether the customer was sent anything about it."""
    sent = Notification.status == NotificationStatus.SENT
    query = select(Notification.id).where(Notification.appointment_id == appointment.id, sent)
    return db.session.scalar(query.limit(1)) is not None


def quiet_hours(tenant: Tenant, customer: Customer, rules: Policy | None = None) -> Quiet | None:
    """When the customer is left in peace, by the clock where they live; the tenant's own quiet
    hours, unless other rules are given."""
    hours = rules or tenant
    if hours.quiet_from is None or hours.quiet_until is None:
        return None
    zone = ZoneInfo(customer.timezone or tenant.timezone)
    return Quiet(hours.quiet_from, hours.quiet_until, zone)


def forget(appointment: Appointment, now: datetime) -> None:
    """The appointment is about to be deleted: nothing of it goes out. The caller commits."""
    for row in _known(appointment):
        _end(row, Cause.APPOINTMENT_OVER, DELETED, now)
    db.session.flush()


def _slot(appointment: Appointment, tenant: Tenant) -> Slot:
    return Slot(
        appointment.starts_at,
        appointment.ends_at,
        appointment.booked_at,
        appointment.status,
        ZoneInfo(tenant.timezone),
    )


def _past(known: Iterable[Notification]) -> Past:
    rows = list(known)
    starts = [row.starts_at for row in _told(rows)]
    settled = frozenset(row.type for row in rows if _settled(row))
    return Past(starts[-1] if starts else None, settled)


def _told(known: Iterable[Notification]) -> list[Notification]:
    """What told the customer of a start, the last one last."""
    sent = (row for row in known if row.status == NotificationStatus.SENT and row.starts_at)
    told = (row for row in sent if row.cause != Cause.UNDELIVERED)
    return sorted(told, key=lambda row: (row.decided_at or row.due_at, row.id))


def _telling(appointment: Appointment, known: Iterable[Notification]) -> int:
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


def _in_peace(step: Step, slot: Slot, quiet: Quiet | None) -> Step:
    if step.skip:
        return step
    moment = allowed(step.due_at, slot.booked_at, step.useful_until, quiet)
    if moment is None:
        return replace(step, skip=Cause.QUIET_HOURS, reason=IN_QUIET_HOURS)
    return replace(step, due_at=moment)


def _known(appointment: Appointment, *more: ColumnElement[bool]) -> list[Notification]:
    query = select(Notification).where(Notification.appointment_id == appointment.id, *more)
    locked = query.order_by(Notification.id).with_for_update()
    # What another did meanwhile counts, and not what this session has read before.
    return list(db.session.scalars(locked.execution_options(populate_existing=True)))


def _that_count(appointment: Appointment) -> list[Notification]:
    """Of its present start all; of others what waits or was sent, and what there is once (step 0).
    The rest says nothing any more, and who moves an appointment often leaves much of it."""
    return _known(
        appointment,
        or_(
            Notification.starts_at == appointment.starts_at,
            Notification.status.in_((NotificationStatus.PLANNED, NotificationStatus.SENT)),
            and_(Notification.step == 0, Notification.cause.not_in(REVIVABLE)),
        ),
    )


def _unasked(appointment: Appointment, now: datetime) -> Notification:
    row = Notification(
        type=CONFIRMATION,
        customer_id=appointment.customer_id,
        appointment_id=appointment.id,
        starts_at=appointment.starts_at,
        due_at=now,
        useful_until=now,
        status=NotificationStatus.SKIPPED,
        cause=Cause.NOT_ASKED,
        reason=NOT_ASKED,
        decided_at=now,
    )
    db.session.add(row)
    return row


def _put(appointment: Appointment, type_: str, step: Step, now: datetime) -> None:
    """Insert the row, move it if it still waits, revive it if it was only taken out."""
    ended = step.skip is not None
    values = {
        "customer_id": appointment.customer_id,
        "due_at": step.due_at,
        "useful_until": step.useful_until,
        "status": NotificationStatus.SKIPPED if ended else NotificationStatus.PLANNED,
        "cause": step.skip or "",
        "reason": step.reason,
        "decided_at": now if ended else None,
    }
    row = insert(Notification).values(
        tenant_id=current_tenant_id(),
        appointment_id=appointment.id,
        type=type_,
        step=step.step,
        starts_at=appointment.starts_at,
        telling=appointment.telling,
        **values,
    )
    open_ = (Notification.status == NotificationStatus.PLANNED) | Notification.cause.in_(REVIVABLE)
    key = ["tenant_id", "appointment_id", "type", "step", "starts_at", "telling"]
    db.session.execute(row.on_conflict_do_update(index_elements=key, set_=values, where=open_))


def _same(row: Notification, appointment: Appointment) -> bool:
    told = (appointment.starts_at, appointment.customer_id)
    return (row.starts_at, row.customer_id) == told


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


def _take_out(row: Notification, appointment: Appointment, now: datetime) -> None:
    if found := gone(row, appointment):
        _end(row, found.cause, found.reason, now)
    elif row.status == NotificationStatus.PLANNED and row.due_at > now:
        _end(row, Cause.SETTINGS, "It is no longer called for.", now)


def _end(row: Notification, cause: Cause, reason: str, now: datetime) -> None:
    """Take out what waits, here or in the outbox, and what did not arrive; what has left stays as
    it is."""
    if row.status == NotificationStatus.SENT and not _withdrawn(row, now):
        return
    if row.status in (NotificationStatus.PLANNED, NotificationStatus.SENT):
        row.status, row.cause, row.reason = NotificationStatus.CANCELLED, cause, reason
        row.decided_at = now


def _withdrawn(row: Notification, now: datetime) -> bool:
    """Whether its message has not left, and will not any more."""
    lock = select(Message).where(Message.id == row.message_id).with_for_update()
    message = db.session.scalar(lock.execution_options(populate_existing=True))
    if message is None:
        return False
    if message.status is MessageStatus.QUEUED:
        message.status, message.error = MessageStatus.CANCELLED, TAKEN_BACK
        return True
    if message.status in IN_FLIGHT:
        # It may be gone. Comes it back into the outbox, it has been too late since now.
        message.not_after = min(message.not_after or now, now)
    # What failed and may still go by another channel (again.py).
    return message.status is MessageStatus.FAILED and row.cause == Cause.SENT
