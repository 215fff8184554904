"""Whether a notification goes out at a time, how and with what words; else why not.

Reads, and writes nothing: the dispatcher asks when it is due, the preview asks before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Integer,
    and_,
    any_,
    exists,
    select,
)

from app.channels import CHANNELS, home
from app.extensions import db
from app.lib.memo import memoized, prime
from app.models import Appointment, Customer, Message, Notification, NotificationStatus, Tenant
from app.notifications.causes import Cause, Hindrance
from app.notifications.content.wording import BadTemplate, Wording
from app.notifications.decision.reach import reach
from app.notifications.planning.fallback import arrived, tried
from app.notifications.planning.withdraw import gone
from app.notifications.settings import Wanted, quiet_hours, wanted
from app.outbox.compose.delivery_route import DeliveryRoute
from app.outbox.queue.stop_asked import UNDECIDED, undecided
from app.outbox.refused import Refused, Stopped
from app.prepared import Prepared, given

BY_HAND = "It was tried again by hand."
NOT_IN_TIME = "It could not be sent in time, and then came too late."
NEVER_DECIDED = (
    "They may have asked for no more messages. Nobody decided it until this one came too late."
)
INSTEAD = "A later one of the same kind goes in its place, or went already."
# One that was sent counts, too: a step that is added later must not follow a nearer one.
TAKES_PLACE = (NotificationStatus.PLANNED, NotificationStatus.SENT)


@dataclass(frozen=True)
class Send:
    route: DeliveryRoute
    wording: Wording
    until: datetime
    """From then on it must not leave any more."""
    rows: tuple[Notification, ...] = ()
    """All that it tells of, where that is more than one (joined.py)."""


@dataclass(frozen=True)
class Arrived(Hindrance):
    """A message of it that had failed did go: a late report said so, or a person tried it again."""

    message: Message


@dataclass(frozen=True)
class Held(Hindrance):
    """It stays planned until a person has decided, and goes then if it is still of use."""


@dataclass(frozen=True)
class Wait:
    until: datetime


Verdict = Send | Wait | Hindrance


def decide(
    row: Notification,
    at: datetime,
    although_quiet: bool = False,
    others: Sequence[Notification] = (),
) -> Verdict:
    """What becomes of the planned notification at that time; although_quiet where a person wants
    it sent even in quiet hours. others: those that its message tells of as well, each of which
    goes if this one does."""
    tenant = db.session.get_one(Tenant, row.tenant_id)
    setting = wanted().get(row.type)
    if setting is None or not setting.enabled:
        return Hindrance(Cause.TURNED_OFF, "Messages of this kind are turned off.")
    if row.message_id and _by_hand(row.message_id):
        return Hindrance(Cause.BY_STAFF, BY_HAND)
    if message := arrived(row):
        return Arrived(
            Cause.SENT, f"It went by {CHANNELS[message.channel].label} after all.", message
        )
    if found := gone(row, _appointment(row)):
        return found
    if found := _out_of_time(row, at) or setting.type.hindered(row, setting.options, at):
        return found
    if undecided(row.customer_id):
        return Held(Cause.UNDECIDED, UNDECIDED)
    customer = db.session.get_one(Customer, row.customer_id)
    quiet = None if although_quiet else quiet_hours(tenant, customer)
    if quiet is None:
        return _send(row, customer, tenant, setting, at, row.useful_until, others)
    if not quiet.holds(at):
        until = min(row.useful_until, quiet.begins_next(at))
        return _send(row, customer, tenant, setting, at, until, others)
    over = quiet.over(at)
    if over < row.useful_until:
        return Wait(over)
    return Hindrance(Cause.QUIET_HOURS, "Quiet hours lasted until it would have come too late.")


def _appointment(row: Notification) -> Appointment | None:
    return db.session.get(Appointment, row.appointment_id) if row.appointment_id else None


def _by_hand(message_id: int) -> bool:
    query = select(Message.id).where(_in_place_of([message_id])).limit(1)
    return memoized(("by hand", message_id), lambda: db.session.scalar(query) is not None)


def _in_place_of(ids: list[int]) -> ColumnElement[bool]:
    """The condition that a person had one of the messages tried again: no notification has it."""
    its_own = exists().where(
        Notification.tenant_id == Message.tenant_id, Notification.message_id == Message.id
    )
    return and_(Message.again_of_id.in_(ids), ~its_own)


def _out_of_time(row: Notification, at: datetime) -> Hindrance | None:
    if row.useful_until <= at:
        return Hindrance(Cause.LATE, NEVER_DECIDED if undecided(row.customer_id) else NOT_IN_TIME)
    if row.appointment_id and row.step and _later_one(row, at):
        return Hindrance(Cause.LATE, INSTEAD)
    return None


def ask_ahead(rows: Sequence[Notification]) -> None:
    """So that what is asked here is known of all of them at once."""
    steps = _steps(rows)
    for row in rows:
        prime(("steps", *_about(row)), steps.get(_about(row), []))
    ids = [row.message_id for row in rows if row.message_id]
    query = select(Message.again_of_id).where(_in_place_of(ids))
    taken = set(db.session.scalars(query)) if ids else set()
    for id_ in ids:
        prime(("by hand", id_), id_ in taken)


def _about(row: Notification) -> tuple[int | None, str, datetime | None, int]:
    return row.appointment_id, row.type, row.starts_at, row.telling


def _later_one(row: Notification, at: datetime) -> bool:
    """Whether a step nearer to the same start is due by then, or went."""
    steps = memoized(("steps", *_about(row)), lambda: _steps([row]).get(_about(row), []))
    return any(step < row.step and due_at <= at for step, due_at in steps)


def _steps(rows: Sequence[Notification]) -> dict[Any, list[tuple[int, datetime]]]:
    """The step and the time of what takes a place, by what it is about."""
    ids = list({row.appointment_id for row in rows if row.appointment_id})
    starts = list({row.starts_at for row in rows if row.starts_at})
    found: dict[Any, list[tuple[int, datetime]]] = {}
    for *about, step, due_at in _STEPS.all(ids=ids, starts=starts) if ids else ():
        found.setdefault(tuple(about), []).append((step, due_at))
    return found


_STEPS = Prepared(
    lambda *columns: columns,
    select(Notification.appointment_id, Notification.type, Notification.starts_at)
    .add_columns(Notification.telling, Notification.step, Notification.due_at)
    .where(Notification.appointment_id == any_(given("ids", ARRAY(Integer))))
    .where(Notification.starts_at == any_(given("starts", ARRAY(DateTime(timezone=True)))))
    .where(Notification.status.in_(TAKES_PLACE)),
)


def _send(
    row: Notification,
    customer: Customer,
    tenant: Tenant,
    setting: Wanted,
    at: datetime,
    until: datetime,
    others: Sequence[Notification],
) -> Send | Hindrance:
    without = [CHANNELS[home(message.channel)] for message in tried(row)]
    try:
        return Send(*reach(row, customer, tenant, setting, at, without, others), until)
    except Stopped as stopped:
        return Hindrance(Cause.OPTED_OUT, str(stopped))
    except Refused as refused:
        if without:
            reason = f"{without[0].label} did not deliver it, and nothing else reaches them."
            return Hindrance(Cause.UNDELIVERED, reason)
        return Hindrance(Cause.UNREACHABLE, str(refused))
    except BadTemplate as error:
        return Hindrance(Cause.TEMPLATE, f"Its template cannot be used. {error}")
