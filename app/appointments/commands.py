"""All that is done to appointments: a command is one transaction, and nothing else writes them.

What an import does to many in one transaction of its own, it does by `enter` and `alter`.
"""

from contextlib import nullcontext
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import live, tasks
from app.appointments import attendance, booking_warnings, happenings, rules
from app.appointments.diary import FREE
from app.appointments.happenings import UNDO_WINDOW
from app.extensions import db
from app.inbox import marks
from app.models import Appointment, NotificationStatus
from app.models.appointment import AppointmentStatus
from app.notifications.forecast.notice import Notice, notice, row_of
from app.notifications.planning import plan
from app.notifications.planning.history import told
from app.row_security.visibility import seen_by
from app.tenancy import current_tenant_id

TOO_LATE = "It is too late: the customer is being told."
SAME = "The time stays the same."
MEANWHILE = "Somebody has moved this appointment meanwhile. Look at it again."
# What a person has said to be meant (BookingWarning.about); None: there is nobody to be asked.
Answered = frozenset[str] | None
# Who changes it may put the appointment on top of another.
PLACE = {"starts_at", "duration_minutes", "staff_member_id"}
USED = (
    "This form has booked another appointment already. Look at the calendar before you book this"
    " one as well."
)


class Refused(ValueError):
    """It cannot be done to this appointment; the text tells a person why and what to do."""


class NotConfirmed(Refused):
    """It can be done, once a person has said that it is meant."""

    def __init__(self, warning: booking_warnings.BookingWarning) -> None:
        super().__init__("This is in the past, out of hours, or on top of another appointment.")
        self.warning = warning


class Changes(TypedDict, total=False):
    """What can be agreed on anew. Times are aware; ids are the tenant's own. A customer who is
    reached through another attends, and it is agreed on with that one (attendance.py)."""

    customer_id: int
    attendee_id: int | None
    attendee_name: str
    service_id: int | None
    staff_member_id: int | None
    starts_at: datetime
    duration_minutes: int
    status: str
    notes: str
    external_id: str | None
    client_token: str | None


def book(
    now: datetime,
    *,
    announce: bool = True,
    answered: Answered = None,
    **details: Unpack[Changes],
) -> Appointment:
    """A new appointment: customer_id, starts_at and duration_minutes at least.

    announce: whether a booking confirmation goes out; never for one in the past. A client_token
    that was used before gives the appointment that it made, if that is the one. Raises Refused,
    and Doubtful where a person is there to be asked (answered).
    """
    agree(details)
    if known := _booked_before(details):
        return known
    if answered is not None:
        booking_warnings.one_at_a_time()
    try:
        return done(enter(now, announce=announce, answered=answered, **details))
    except IntegrityError:
        # The same form, posted twice at once: the other one has just made the appointment.
        db.session.rollback()
        if known := _booked_before(details):
            return known
        raise


def agree(details: Changes) -> None:
    """Name who is written to and who comes, of whomever it is for. Raises Refused."""
    _refuse(attendance.resolve(details))


def _booked_before(details: Changes) -> Appointment | None:
    token = details.get("client_token")
    if not token:
        return None
    known = db.session.scalar(select(Appointment).where(Appointment.client_token == token))
    said = Changes(attendee_id=None, attendee_name="") | details
    if known and any(
        getattr(known, name) != said[name]
        for name in ("customer_id", "starts_at", "attendee_id", "attendee_name")
    ):
        # To say that it is booked would be a lie.
        raise Refused(USED)
    return known


def change(
    appointment_id: int,
    now: datetime,
    *,
    seen: datetime | None = None,
    tell: bool = False,
    answered: Answered = None,
    **changes: Unpack[Changes],
) -> Appointment:
    """Move it in time, to another person, service or duration. Raises Refused and Doubtful.

    A confirmed one that is moved waits for a new confirmation, unless the status is given, too.
    tell: whether its customer is told by message of another start or its end; else they know.
    seen: the start that whoever changes it knew of; refused if it is another by now.
    """
    if answered is not None:
        booking_warnings.one_at_a_time()
    _refuse(MEANWHILE if seen and locked(appointment_id).starts_at != seen else None)
    return done(alter(appointment_id, now, tell=tell, answered=answered, **changes))


def cancel(appointment_id: int, now: datetime, *, tell: bool = False) -> Appointment:
    """Raises Refused."""
    return change(appointment_id, now, tell=tell, status=AppointmentStatus.CANCELLED)


def complete(appointment_id: int, now: datetime) -> Appointment:
    """Raises Refused."""
    return change(appointment_id, now, status=AppointmentStatus.COMPLETED)


def no_show(appointment_id: int, now: datetime) -> Appointment:
    """Raises Refused."""
    return change(appointment_id, now, status=AppointmentStatus.NO_SHOW)


def confirm(appointment_id: int, now: datetime) -> Appointment:
    """Raises Refused."""
    return change(appointment_id, now, status=AppointmentStatus.CONFIRMED)


def reopen(
    appointment_id: int, now: datetime, *, tell: bool = False, answered: Answered = None
) -> Appointment:
    """Scheduled again, whatever became of it. Raises Refused and Doubtful."""
    again = AppointmentStatus.SCHEDULED
    return change(appointment_id, now, tell=tell, answered=answered, status=again)


def put_back(
    appointment_id: int,
    now: datetime,
    *,
    knew: datetime | None,
    seen: datetime | None,
    tell: bool,
    **before: Unpack[Changes],
) -> Appointment:
    """Undo a move, as `change`. What is over by now is not opened again. Raises Refused.

    knew: the start that its customer took it to have before. Where that was another one, and
    nobody was told of the move, they still do.
    """
    appointment = _still(appointment_id, seen, now)
    if knew != before.get("starts_at") and appointment.tell_at is None:
        appointment.known_start, appointment.known_at, appointment.tell_at = knew, now, now
    moves = before.get("starts_at", appointment.starts_at) != appointment.starts_at
    with happenings.taken_back(appointment_id) if moves else nullcontext():
        return change(appointment_id, now, tell=tell, **before)


def rehearse(appointment_id: int, now: datetime, **changes: Unpack[Changes]) -> Notice:
    """What the change would tell its customer. Leaves everything as it is. Raises Refused."""
    # It depends on all that was said to them, whoever asks.
    with seen_by(None):
        point = db.session.begin_nested()
        try:
            before = locked(appointment_id).agreed_start
            after = alter(appointment_id, now, tell=True, **changes)
            found = notice(after, now)
            return found if found.goes or after.agreed_start != before else Notice(SAME)
        finally:
            point.rollback()


def tell(
    appointment_id: int,
    now: datetime,
    wanted: bool,
    knew: datetime | None,
    seen: datetime | None = None,
) -> Appointment:
    """Decide anew whether its customer is told of the move to the start that was seen, before
    they are.

    knew: the start that they took it to have before. Raises Refused.
    """
    appointment = _still(appointment_id, seen, now)
    row = row_of(appointment)
    _refuse(TOO_LATE if row and row.status == NotificationStatus.SENT else None)
    appointment.tell_at = None
    _note(appointment, knew, now, wanted)
    _kept(appointment, now, announce=False)
    left = None if wanted else row_of(appointment)
    leaves = (NotificationStatus.PLANNED, NotificationStatus.SENT)
    _refuse(TOO_LATE if left and left.status in leaves else None)
    return done(appointment)


def delete(appointment_id: int, now: datetime) -> None:
    """Raises Refused."""
    remove(locked(appointment_id), now)
    db.session.commit()
    live.publish(current_tenant_id(), live.APPOINTMENTS)


def remove(appointment: Appointment, now: datetime) -> None:
    """As `delete`, in the caller's transaction, which has locked it."""
    plan.forget(appointment, now)
    marks.settled(appointment)
    db.session.delete(appointment)
    db.session.flush()


def enter(
    now: datetime,
    *,
    announce: bool = True,
    source: str = "staff",
    answered: Answered = None,
    **details: Unpack[Changes],
) -> Appointment:
    """As `book`, in the caller's transaction. Raises Refused and Doubtful."""
    agree(details)
    _refuse(attendance.stranger(details["customer_id"], details.get("attendee_id")))
    status = details.setdefault("status", AppointmentStatus.SCHEDULED)
    _refuse(rules.too_early(status, details["starts_at"], now))
    appointment = Appointment(source=source, booked_at=now, known_at=now, **details)
    appointment.known_start = appointment.agreed_start
    db.session.add(appointment)
    _ask(appointment, now, True, answered)
    kept = _kept(appointment, now, announce)
    happenings.booked(kept, now)
    return kept


def alter(
    appointment_id: int,
    now: datetime,
    *,
    tell: bool = False,
    answered: Answered = None,
    **changes: Unpack[Changes],
) -> Appointment:
    """As `change`, in the caller's transaction. Raises Refused and Doubtful."""
    appointment = locked(appointment_id)
    wanted = _wanted(appointment, changes)
    moves = "starts_at" in wanted
    after = changes.get("status", appointment.status)
    starts_at = changes.get("starts_at", appointment.starts_at)
    _refuse(rules.refusal(appointment.status, after, moves, starts_at, now))
    if "customer_id" in wanted and told(appointment):
        raise Refused("The customer was told of this appointment. Cancel it, and book another.")
    if moves:
        wanted["booked_at"] = now
        if after == AppointmentStatus.CONFIRMED and "status" not in changes:
            wanted["status"] = AppointmentStatus.SCHEDULED
    before, was = appointment.agreed_start, (appointment.status, appointment.starts_at)
    takes_place = wanted.keys() & PLACE or appointment.status in FREE
    for name, to in wanted.items():
        setattr(appointment, name, to)
    if takes_place:
        _ask(appointment, now, moves, answered)
    if appointment.agreed_start != before or "customer_id" in wanted:
        _note(appointment, before, now, tell and "customer_id" not in wanted)
    if wanted:
        # Nothing is confirmed by being changed; what waits to be confirmed still is.
        _kept(appointment, now, announce=False)
        happenings.changed(appointment, was, now)
    # The conversation comes after the notifications, as for the dispatcher.
    if moves or wanted.get("status") in rules.OVER:
        marks.settled(appointment)
    return appointment


def _wanted(appointment: Appointment, changes: Changes) -> dict[str, Any]:
    """What is to be another than it is. Whoever attends comes with whom it was agreed on."""
    agree(changes)
    if changes.get("customer_id", appointment.customer_id) != appointment.customer_id:
        changes.setdefault("attendee_id", None)
        changes.setdefault("attendee_name", "")
    wanted = {name: to for name, to in changes.items() if getattr(appointment, name) != to}
    if attendee_id := changes.get("attendee_id") if "attendee_id" in wanted else None:
        customer_id = changes.get("customer_id", appointment.customer_id)
        _refuse(attendance.stranger(customer_id, attendee_id))
    return wanted


def _note(appointment: Appointment, before: datetime | None, now: datetime, tell: bool) -> None:
    """What its customer knows of a change: how it is now, or how it was before they are told."""
    if not tell:
        appointment.known_start, appointment.known_at = appointment.agreed_start, now
    elif appointment.tell_at is None:
        appointment.known_start, appointment.known_at = before, now
    appointment.tell_at = now + UNDO_WINDOW if tell else None


def locked(appointment_id: int) -> Appointment:
    """The row as it is now, and nobody else's until the transaction ends."""
    query = select(Appointment).where(Appointment.id == appointment_id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise Refused("This appointment is gone: somebody has deleted it.")
    return found


def _still(appointment_id: int, seen: datetime | None, now: datetime) -> Appointment:
    """The same, if it is where whoever moved it left it. Raises Refused."""
    found = locked(appointment_id)
    _refuse(MEANWHILE if seen and found.starts_at != seen else None)
    _refuse(rules.refusal(found.status, found.status, True, found.starts_at, now))
    return found


def _refuse(reason: str | None) -> None:
    if reason:
        raise Refused(reason)


def _ask(appointment: Appointment, now: datetime, moves: bool, answered: Answered) -> None:
    if answered is None:
        return
    db.session.flush()
    if warning := booking_warnings.warning(appointment, now, moves, answered):
        raise NotConfirmed(warning)


def _kept(appointment: Appointment, now: datetime, announce: bool) -> Appointment:
    db.session.flush()
    # Whom and what it is about may be others than those that were loaded.
    db.session.expire(appointment, ["customer", "attendee", "service", "staff_member"])
    plan.keep(appointment, now, announce and appointment.starts_at > now)
    return appointment


def done(appointment: Appointment) -> Appointment:
    """What `enter` or `alter` made, committed, and told to pages and workers."""
    db.session.commit()
    tasks.enqueue(tasks.Task.DISPATCH)
    tasks.enqueue(tasks.Task.JUDGE)
    live.publish(current_tenant_id(), live.APPOINTMENTS)
    live.publish(current_tenant_id(), appointment.customer_id)
    return appointment
