"""What a change of settings would do to the messages to come, said before it is saved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Appointment, Customer, Notification, NotificationStatus
from app.models.appointment import AppointmentStatus
from app.notifications.causes import REVIVABLE
from app.notifications.planning.history import CONFIRMATION
from app.notifications.planning.plan import planned
from app.notifications.settings import Policy, policy

DAYS = timedelta(days=14)
MOST = 500
EXAMPLES = 3
COMING = (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED)

Times = dict[tuple[str, int], datetime]
"""When an appointment's messages go, by type and step."""


@dataclass(frozen=True)
class Change:
    """A message that the settings would make, move or take away."""

    appointment: Appointment
    type: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class Effect:
    looked_at: int
    """How many appointments, of the next two weeks."""
    more: bool
    """Whether there are appointments at which it was not looked."""
    new: list[Change]
    moved: list[Change]
    dropped: list[Change]


def effect(proposed: Policy, now: datetime) -> Effect:
    """On the coming appointments, next ones first. Two statements; writes nothing."""
    present = policy()
    coming = _coming(now)
    known = _known(coming[:MOST])
    found = [
        change
        for appointment in coming[:MOST]
        for change in _changes(appointment, known.get(appointment.id, []), present, proposed, now)
    ]

    def those(kind: Callable[[Change], bool]) -> list[Change]:
        return [change for change in found if kind(change)]

    return Effect(
        len(coming[:MOST]),
        len(coming) > MOST,
        new=those(lambda change: change.before is None),
        moved=those(lambda change: change.before is not None and change.after is not None),
        dropped=those(lambda change: change.after is None),
    )


def _coming(now: datetime) -> list[Appointment]:
    query = (
        select(Appointment)
        .where(Appointment.starts_at > now, Appointment.starts_at < now + DAYS)
        .where(Appointment.status.in_(COMING))
        .options(joinedload(Appointment.customer).selectinload(Customer.contact_points))
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(MOST + 1)
    )
    return list(db.session.scalars(query))


def _known(coming: Iterable[Appointment]) -> dict[int, list[Notification]]:
    ids = [appointment.id for appointment in coming]
    by_appointment: dict[int, list[Notification]] = {}
    query = select(Notification).where(Notification.appointment_id.in_(ids))
    for row in db.session.scalars(query.options(joinedload(Notification.message))):
        by_appointment.setdefault(row.appointment_id or 0, []).append(row)
    return by_appointment


def _changes(
    appointment: Appointment,
    known: list[Notification],
    present: Policy,
    proposed: Policy,
    now: datetime,
) -> Iterable[Change]:
    before = _times(appointment, known, present, now)
    after = _times(appointment, known, proposed, now)
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield Change(appointment, key[0], before.get(key), after.get(key))


def _times(
    appointment: Appointment, known: list[Notification], rules: Policy, now: datetime
) -> Times:
    """What would go by these rules; what is overdue goes at once."""
    over = {(row.type, row.step) for row in known if _over(row, appointment)}
    if not known:
        # It was written by another program, and is planned without a confirmation.
        over.add((CONFIRMATION, 0))
    times = {
        key: max(step.due_at, now)
        for key, step in planned(appointment, known, now, rules)
        if rules.types[key[0]].enabled and not step.skip and key not in over
        if step.useful_until > now
    }
    gone = {(row.type, row.step) for row in known if _sent(row, appointment)}
    due = gone | {key for key, moment in times.items() if moment <= now}
    return {
        key: moment for key, moment in times.items() if not (moment <= now and _later(key, due))
    }


def _later(key: tuple[str, int], due: set[tuple[str, int]]) -> bool:
    """Whether one nearer to the appointment goes in its place, or went (decide.py)."""
    return any(type_ == key[0] and step < key[1] for type_, step in due)


def _sent(row: Notification, appointment: Appointment) -> bool:
    return row.status == NotificationStatus.SENT and _same_telling(row, appointment)


def _over(row: Notification, appointment: Appointment) -> bool:
    """Sent, or not sent, for good."""
    ended = row.status != NotificationStatus.PLANNED and row.cause not in REVIVABLE
    return ended and _same_telling(row, appointment)


def _same_telling(row: Notification, appointment: Appointment) -> bool:
    told = (appointment.starts_at, appointment.telling)
    return (row.starts_at, row.telling) == told
