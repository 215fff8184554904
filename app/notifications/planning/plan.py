"""An appointment's notifications become what they must be, in the appointment's transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib.time.zones import offset
from app.models import Appointment, Customer, Notification, NotificationStatus, Tenant
from app.models.appointment import AppointmentStatus
from app.notifications import transitions
from app.notifications.causes import REVIVABLE, Cause
from app.notifications.content import review_link
from app.notifications.limits.quiet_hours import Quiet, allowed
from app.notifications.planning.history import CONFIRMATION, nothing_new, past, telling
from app.notifications.planning.withdraw import DELETED, end, take_out, unsay
from app.notifications.settings import Policy, policy, quiet_hours
from app.notifications.types import TYPES
from app.notifications.types.notification_type import Slot, Step
from app.notifications.types.review_request import TYPE as REVIEW
from app.tenancy import current_tenant_id

NOT_ASKED = "It was entered without a confirmation."
BEGUN = "The appointment had begun when it was entered."
IN_QUIET_HOURS = "Its time is within quiet hours, and there is no other before the appointment."


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
        if not _holds(row, appointment):
            take_out(row, appointment, now)
    unsay(appointment, now)
    # Only now: what was taken out of the outbox has told nobody anything.
    appointment.telling = telling(appointment, known)
    if nothing_new(appointment, known):
        appointment.tell_at = None
    steps = dict(planned(appointment, known, now))
    for row in known:
        if row.telling != appointment.telling or (row.type, row.step) not in steps:
            take_out(row, appointment, now)
    for (type_, _), step in steps.items():
        _put(appointment, type_, step, now)
    zone = db.session.get_one(Tenant, current_tenant_id()).timezone
    appointment.planned_for = appointment.offset_for = appointment.starts_at
    appointment.planned_offset = offset(appointment.starts_at, zone)
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
    enabled = [key for key, setting in rules.types.items() if setting.enabled]
    slot, so_far = _slot(appointment, rules.tenant, quiet), past(appointment, known, enabled)
    for key, setting in rules.types.items():
        for step in setting.type.plan(slot, setting.options, so_far, now):
            yield (key, step.step), _in_peace(step, slot, quiet)


def forget(appointment: Appointment, now: datetime) -> None:
    """The appointment is about to be deleted: nothing of it goes out. The caller commits."""
    for row in _known(appointment):
        end(row, Cause.APPOINTMENT_OVER, DELETED, now)
    unsay(appointment, now, deleted=True)
    db.session.flush()


def _slot(appointment: Appointment, tenant: Tenant, quiet: Quiet | None) -> Slot:
    tell_at, starts_at = appointment.tell_at, appointment.starts_at
    # As quiet hours let it: a reminder that is due by then says nothing that the notice does not.
    told = tell_at and allowed(tell_at, tell_at, starts_at, quiet)
    return Slot(
        starts_at,
        appointment.ends_at,
        appointment.booked_at,
        appointment.status,
        ZoneInfo(tenant.timezone),
        told or tell_at,
    )


def _in_peace(step: Step, slot: Slot, quiet: Quiet | None) -> Step:
    if step.skip:
        return step
    moment = allowed(step.due_at, slot.agreed_at, step.useful_until, quiet)
    if moment is None:
        return replace(step, skip=Cause.QUIET_HOURS, reason=IN_QUIET_HOURS)
    return replace(step, due_at=moment)


def _known(appointment: Appointment, *more: ColumnElement[bool]) -> list[Notification]:
    query = select(Notification).where(Notification.appointment_id == appointment.id, *more)
    whole = query.options(joinedload(Notification.message)).order_by(Notification.id)
    locked = whole.with_for_update(of=Notification)
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
    row = transitions.leave_out(
        Cause.NOT_ASKED,
        NOT_ASKED if appointment.starts_at > now else BEGUN,
        now,
        type=CONFIRMATION,
        customer_id=appointment.customer_id,
        appointment_id=appointment.id,
        starts_at=appointment.starts_at,
        due_at=now,
        useful_until=now,
    )
    db.session.add(row)
    return row


def _put(appointment: Appointment, type_: str, step: Step, now: datetime) -> None:
    key = {
        "appointment_id": appointment.id,
        "type": type_,
        "step": step.step,
        "starts_at": appointment.starts_at,
        "telling": appointment.telling,
    }
    columns = {
        "customer_id": appointment.customer_id,
        "due_at": step.due_at,
        "useful_until": step.useful_until,
    }
    left_out = (step.skip, step.reason) if step.skip else None
    link = review_link.fresh() if type_ == REVIEW.key else None
    db.session.execute(transitions.plan(key, columns, link, left_out, now))


def _holds(row: Notification, appointment: Appointment) -> bool:
    told = (appointment.starts_at, appointment.customer_id)
    states = TYPES[row.type].states if row.type in TYPES else AppointmentStatus
    return (row.starts_at, row.customer_id) == told and appointment.status in states
