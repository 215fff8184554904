"""Every notification in one sentence: when it goes or went, where to, by which rule; or why not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, select

from app.channels import CHANNELS
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.lib.telephone.phone import pretty
from app.lib.time.business_time import BusinessTime
from app.models import Appointment, Customer, Message, Notification, NotificationStatus, Tenant
from app.notifications.decision.decide import Held, Send
from app.notifications.decision.joined import JOINED
from app.notifications.decision.loading import LOADS, loaded
from app.notifications.decision.preload import deciding
from app.notifications.forecast.foresee import foresee
from app.notifications.limits.quiet_hours import before
from app.notifications.planning.fallback import tried
from app.notifications.planning.history import CANCELLATION, CONFIRMATION, MOVED
from app.notifications.types import TYPES
from app.outbox.queue.stop_asked import UNDECIDED, undecided
from app.prepared import Prepared, given

HAPPENED = {
    MessageStatus.ACCEPTED: "Sent on {when} {how}; whether it arrived is not known yet",
    MessageStatus.SENT: "Sent on {when} {how}; whether it arrived is not known yet",
    MessageStatus.DELIVERED: "Sent on {when} {how}; delivered",
    MessageStatus.READ: "Sent on {when} {how}; delivered and read",
    MessageStatus.UNKNOWN: "Perhaps sent on {when} {how}; the carrier did not confirm it",
}
TAKEN = "Sent on {when} {how}; the mail server took it"
AT_ONCE = (CONFIRMATION, MOVED, CANCELLATION)
# An appointment that is moved again and again has more than anybody reads.
MOST = 100
MOST_OF_A_CUSTOMER = 30
WAITS_IN_OUTBOX = "Waits in the outbox since {when}, to go {how}"


def sentence(row: Notification, now: datetime) -> str:
    """What became of the notification, or will as things stand; times are the business's wall
    time. Reads, and writes nothing."""
    tenant = db.session.get_one(Tenant, row.tenant_id)
    if row.status == NotificationStatus.PLANNED:
        return _to_come(row, tenant, now)
    if row.status == NotificationStatus.SENT:
        return _sent(row, tenant, now)
    return f"Not sent, was due on {_day(row.due_at, tenant, now)}: {row.reason}"


def _to_come(row: Notification, tenant: Tenant, now: datetime) -> str:
    if tenant.paused_at:
        since, due = (_day(moment, tenant, now) for moment in (tenant.paused_at, row.due_at))
        return f"Waits: all automatic messages are paused since {since}. It is due on {due}."
    at, verdict = foresee(row, now)
    when = _day(at, tenant, now)
    if isinstance(verdict, Send):
        how = _how(verdict.route.channel.key, verdict.route.recipient, tenant)
        return f"Goes out on {when} {how}: {rule(row, tenant)}."
    if isinstance(verdict, Held):
        return f"Waits: {_lower(verdict.reason)} It is due on {_day(row.due_at, tenant, now)}."
    return f"Will not go out on {when}, as things stand: {verdict.reason}"


def _sent(row: Notification, tenant: Tenant, now: datetime) -> str:
    message = row.message
    when = _day((message and message.sent_at) or row.decided_at or row.due_at, tenant, now)
    how = _how(row.channel or "", message.recipient if message else "", tenant)
    if message is None:
        return f"Sent on {when} {how}: {rule(row, tenant)}."
    if message.status in (MessageStatus.FAILED, MessageStatus.CANCELLED):
        return f"Not delivered {how}, was to go on {when}: {_error(message)}"
    if message.status is MessageStatus.QUEUED and undecided(row.customer_id):
        return f"Waits in the outbox since {when}, to go {how}: {_lower(UNDECIDED)}"
    said = HAPPENED.get(message.status, WAITS_IN_OUTBOX)
    if message.status is MessageStatus.SENT and not CHANNELS[message.channel].followed:
        # More is never known of it.
        said = TAKEN
    return f"{said.format(when=when, how=how)}: {rule(row, tenant)}."


def _lower(reason: str) -> str:
    return reason[0].lower() + reason[1:]


def _error(message: Message) -> str:
    taken_back = message.status == MessageStatus.CANCELLED
    return message.error or ("It was taken back." if taken_back else "The carrier refused it.")


def rule(row: Notification, tenant: Tenant) -> str:
    """By which rule it has its time, such as «24 hours before the appointment»."""
    joined = row.status == NotificationStatus.SENT and row.reason.endswith(f"{JOINED}.")
    if joined and row.starts_at:
        return f"{_hours(timedelta(minutes=row.step))} before the appointment, {JOINED}"
    if row.status == NotificationStatus.SENT and row.decided_at and row.decided_at < row.due_at:
        return "by hand, before its time"
    if not row.step or row.starts_at is None:
        return _once(row)
    lead = timedelta(minutes=row.step)
    usual = before(row.starts_at, lead, ZoneInfo(tenant.timezone))
    told = f"{_hours(lead)} before the appointment"
    if row.due_at == usual:
        return told
    if undelivered := tried(row):
        return f"{told}, as {CHANNELS[undelivered[0].channel].label} did not deliver it"
    moved = row.appointment is not None and row.due_at == row.appointment.booked_at
    return f"{told}, at once as it was moved" if moved else f"{told}, kept out of quiet hours"


def _once(row: Notification) -> str:
    """By which rule, of what has no steps; what goes at once may wait until the quiet ends."""
    kind = TYPES.get(row.type)
    if kind is None:
        return "of a kind that is gone"
    about = row.appointment if row.type in AT_ONCE else None
    waits = about is not None and row.due_at > _agreed(about) and not tried(row)
    return f"{kind.rule}, kept out of quiet hours" if waits else kind.rule


def _agreed(appointment: Appointment) -> datetime:
    return max(appointment.booked_at, appointment.tell_at or appointment.booked_at)


def _hours(lead: timedelta) -> str:
    hours = lead // timedelta(hours=1)
    return "1 hour" if hours == 1 else f"{hours} hours"


def _how(channel: str, recipient: str, tenant: Tenant) -> str:
    label = CHANNELS[channel].label if channel in CHANNELS else channel
    return f"by {label} to {pretty(recipient, tenant.country)}" if recipient else f"by {label}"


def _day(instant: datetime, tenant: Tenant, now: datetime) -> str:
    return BusinessTime(tenant.timezone, tenant.locale).near(instant, now)


def of_customer(customer: Customer, now: datetime) -> list[tuple[Notification, str]]:
    """The latest notifications, the last made first, each with its sentence."""
    rows = loaded(_OF_CUSTOMER.all(customer_id=customer.id))
    with deciding([row for row in rows if row.status == NotificationStatus.PLANNED], now):
        return [(row, sentence(row, now)) for row in rows]


_OF_CUSTOMER = Prepared(
    int,
    select(Notification.id)
    .where(Notification.customer_id == given("customer_id", Integer()))
    .order_by(Notification.id.desc())
    .limit(MOST_OF_A_CUSTOMER),
)


def of_appointment(appointment: Appointment, now: datetime) -> list[tuple[str, str]]:
    """The kind and the sentence of each of its notifications, in the order of their times; of too
    many the last ones made."""
    query = select(Notification).where(Notification.appointment_id == appointment.id)
    latest = db.session.scalars(query.order_by(Notification.id.desc()).limit(MOST).options(*LOADS))
    rows = sorted(latest, key=lambda row: (row.due_at, row.id))
    return [(_label(row), sentence(row, now)) for row in rows]


def _label(row: Notification) -> str:
    return TYPES[row.type].label if row.type in TYPES else row.type
