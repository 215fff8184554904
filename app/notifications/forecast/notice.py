"""Whether an appointment's customer is told of its last change, when, how and with what words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.models import Appointment, Notification, NotificationStatus, Tenant
from app.notifications.decision.decide import Send
from app.notifications.forecast.foresee import foresee
from app.notifications.planning.history import CANCELLATION, MOVED, known_start
from app.notifications.types.notification_type import EXPECTED

OVER = "The appointment is over."
PAST = "It is in the past."
KNOWN = "They have heard of nothing else."
CONFIRMED = "The booking confirmation is still to go, and says it."
PAUSED = "All automatic messages are paused: it waits until an admin lets them go on."


@dataclass(frozen=True)
class Notice:
    reason: str = ""
    """Why nobody is told; empty: they are, or were."""
    channel: Channel | None = None
    at: datetime | None = None
    """When it goes; none: it has gone."""
    subject: str = ""
    body: str = ""
    waits: str = ""
    """For what it waits beyond its time."""

    @property
    def goes(self) -> bool:
        """Whether it is still to go, as things stand."""
        return self.at is not None


def notice(appointment: Appointment, now: datetime) -> Notice:
    """As things stand. Reads, and writes nothing."""
    row = row_of(appointment)
    if row is None:
        return Notice(_why_none(appointment, now))
    if row.status == NotificationStatus.SENT:
        return Notice(channel=CHANNELS.get(row.channel or ""))
    if row.status != NotificationStatus.PLANNED:
        return Notice(row.reason)
    at, verdict = foresee(row, now)
    if not isinstance(verdict, Send):
        return Notice(verdict.reason)
    paused = db.session.get_one(Tenant, row.tenant_id).paused_at
    route, wording = verdict.route, verdict.wording
    subject = wording.subject if route.channel.has_subject else ""
    return Notice("", route.channel, at, subject, wording.body, PAUSED if paused else "")


def row_of(appointment: Appointment) -> Notification | None:
    """Its notice of how it stands, whatever became of that."""
    kind = MOVED if appointment.status in EXPECTED else CANCELLATION
    query = select(Notification).where(
        Notification.appointment_id == appointment.id,
        Notification.type == kind,
        Notification.starts_at == appointment.starts_at,
        Notification.telling == appointment.telling,
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def knows(appointment: Appointment) -> datetime | None:
    """The start that its customer takes it to have; None: of none, or that it is cancelled."""
    query = select(Notification).where(Notification.appointment_id == appointment.id)
    whole = query.options(joinedload(Notification.message))
    return known_start(appointment, db.session.scalars(whole))


def _why_none(appointment: Appointment, now: datetime) -> str:
    known = knows(appointment)
    if appointment.agreed_start and appointment.status not in EXPECTED:
        return OVER
    if known == appointment.agreed_start:
        return KNOWN
    matters = appointment.agreed_start or known
    return PAST if matters and matters <= now else CONFIRMED
