"""What happens to appointments, told to rules and webhooks (app/events.py), and in the thread."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app import events
from app.extensions import db
from app.models import Appointment, AutomationEvent, ConversationEvent, EventType, Origin
from app.models import ConversationEventKind as Kind
from app.models.appointment import AppointmentStatus

# So long whoever changes one can think better of it, and nobody was told.
UNDO_WINDOW = timedelta(seconds=30)

OF_STATUS = {
    AppointmentStatus.CANCELLED: EventType.APPOINTMENT_CANCELLED,
    AppointmentStatus.COMPLETED: EventType.APPOINTMENT_COMPLETED,
    AppointmentStatus.NO_SHOW: EventType.APPOINTMENT_MISSED,
}


# What the thread says of a new status.
LINES = {
    AppointmentStatus.SCHEDULED: Kind.REOPENED,
    AppointmentStatus.CONFIRMED: Kind.CONFIRMED,
    AppointmentStatus.CANCELLED: Kind.CANCELLED,
    AppointmentStatus.COMPLETED: Kind.COMPLETED,
    AppointmentStatus.NO_SHOW: Kind.NO_SHOW,
}


def booked(appointment: Appointment, now: datetime) -> None:
    if appointment.status not in OF_STATUS:
        _record(EventType.APPOINTMENT_BOOKED, appointment, now)
        _line(Kind.BOOKED, appointment, now)


def changed(appointment: Appointment, was: tuple[str, datetime], now: datetime) -> None:
    """One event for one change, however much it changed; `was`: its status and start before."""
    status, starts_at = was
    if appointment.status != status and appointment.status in OF_STATUS:
        _record(OF_STATUS[AppointmentStatus(appointment.status)], appointment, now, starts_at)
        _line(LINES[AppointmentStatus(appointment.status)], appointment, now)
    elif appointment.starts_at == starts_at and appointment.status != status:
        _line(LINES[AppointmentStatus(appointment.status)], appointment, now)
    elif appointment.starts_at != starts_at and not _is_back(appointment):
        _record(EventType.APPOINTMENT_MOVED, appointment, now, starts_at)
        _line(Kind.MOVED, appointment, now, starts_at)


@contextmanager
def taken_back(appointment_id: int) -> Iterator[None]:
    """The change inside undoes the last one: where nobody was told of that, nobody is told of
    either. What was changed before that stays, and is told."""
    gone = events.take_back(_untold(appointment_id)[-1:])
    if gone:
        _take_lines_back(appointment_id, 1)
    with events.acting(None) if gone else nullcontext():
        yield


def _is_back(appointment: Appointment) -> bool:
    """Whether it is where it was before moves that nobody was told of; they are forgotten."""
    moves = _untold(appointment.id)
    if {move.type for move in moves} != {EventType.APPOINTMENT_MOVED}:
        return False
    there = datetime.fromisoformat(moves[0].facts["was"]) == appointment.starts_at
    back = there and events.take_back(moves)
    if back:
        _take_lines_back(appointment.id, len(moves))
    return back


def _untold(appointment_id: int) -> list[AutomationEvent]:
    """The changes that are not judged yet, the eldest first."""
    query = select(AutomationEvent).where(
        AutomationEvent.appointment_id == appointment_id,
        AutomationEvent.type.in_((EventType.APPOINTMENT_MOVED, *OF_STATUS.values())),
        AutomationEvent.judged_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(AutomationEvent.id)))


def _line(kind: Kind, appointment: Appointment, at: datetime, was: datetime | None = None) -> None:
    """In the thread. What a customer's own answer made of it stands at that message."""
    by_link = events.done_by_link()
    if events.told_by() in (None, Origin.CUSTOMER) and not by_link:
        return
    db.session.add(
        ConversationEvent(
            customer_id=appointment.customer_id,
            at=at,
            kind=kind,
            about=appointment.who_comes or None,
            appointment_id=appointment.id,
            starts_at=appointment.starts_at,
            was_at=was,
            by_customer=by_link,
        )
    )


def _take_lines_back(appointment_id: int, many: int) -> None:
    """The last of those lines that an event stood for as well."""
    kinds = (Kind.MOVED, Kind.CANCELLED, Kind.COMPLETED, Kind.NO_SHOW)
    of_it = ConversationEvent.appointment_id == appointment_id, ConversationEvent.kind.in_(kinds)
    last = select(ConversationEvent.id).where(*of_it).order_by(ConversationEvent.id.desc())
    gone = delete(ConversationEvent).where(ConversationEvent.id.in_(last.limit(many)))
    db.session.execute(gone.execution_options(synchronize_session=False))


def _record(
    type_: EventType, appointment: Appointment, now: datetime, was: datetime | None = None
) -> None:
    events.record(
        type_,
        appointment.customer_id,
        now,
        appointment_id=appointment.id,
        undone_within=UNDO_WINDOW if was else timedelta(0),
        starts_at=appointment.starts_at.isoformat(),
        was=was and was.isoformat(),
        status=appointment.status,
    )
