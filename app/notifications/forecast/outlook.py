"""What goes out for an appointment that has just been booked, or why nothing does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.channels import CHANNELS
from app.extensions import db
from app.lib.time.business_time import BusinessTime
from app.models import Appointment, Notification, NotificationStatus, Tenant
from app.notifications.decision.decide import Send
from app.notifications.decision.loading import LOADS
from app.notifications.forecast.foresee import foresee
from app.notifications.planning.history import CONFIRMATION
from app.notifications.types import TYPES
from app.tenancy import current_tenant_id

PAUSED = "Nothing goes out: all automatic messages are paused. An admin can let them go on."
NOTHING = "No automatic message goes out for it."
# How a person calls one of them.
NAMES = {CONFIRMATION: "confirmation", "appointment_reminder": "reminder"}


@dataclass(frozen=True)
class Forecast:
    name: str
    at: datetime
    by: str = ""
    """The channel's label; empty: it does not go."""
    reason: str = ""


def outlook(appointment: Appointment, now: datetime) -> str:
    """«The confirmation goes now by SMS; a reminder on Mon, Nov 30, 12:00 PM.», or why not. Times
    are the business's wall time. Reads, and writes nothing."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    if tenant.paused_at:
        return PAUSED
    forecasts = [_forecast(row, now) for row in _rows(appointment)]
    going = [each for each in forecasts if each.by]
    names = {each.name for each in going}
    left_out = {each.name: each.reason for each in forecasts if each.name not in names}
    said = [_going(going, BusinessTime(tenant.timezone, tenant.locale), now)] if going else []
    return " ".join(said + list(_left_out(left_out, bool(going)))) or NOTHING


def _rows(appointment: Appointment) -> list[Notification]:
    query = select(Notification).where(Notification.appointment_id == appointment.id)
    ordered = query.order_by(Notification.due_at, Notification.id).options(*LOADS)
    return list(db.session.scalars(ordered))


def _forecast(row: Notification, now: datetime) -> Forecast:
    name = NAMES.get(row.type) or TYPES[row.type].label.lower()
    if row.status == NotificationStatus.SENT:
        return Forecast(name, now, CHANNELS[row.channel or ""].label)
    if row.status != NotificationStatus.PLANNED:
        return Forecast(name, row.due_at, reason=row.reason)
    at, verdict = foresee(row, now)
    if isinstance(verdict, Send):
        return Forecast(name, at, verdict.route.channel.label)
    return Forecast(name, at, reason=verdict.reason)


def _going(forecasts: list[Forecast], there: BusinessTime, now: datetime) -> str:
    parts, by = list[str](), ""
    for each in forecasts:
        article = "the" if each.name == NAMES[CONFIRMATION] else "a"
        verb, when = "" if parts else " goes", "now"
        if each.at > now:
            when = f"on {there.near(each.at, now)}"
        how = f" by {each.by}" if each.by != by else ""
        parts.append(f"{article} {each.name}{verb} {when}{how}")
        by = each.by
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}."


def _left_out(reasons: dict[str, str], something_goes: bool) -> Iterator[str]:
    """A sentence a kind; one for all, where nothing goes for one reason."""
    if not something_goes and len(set(reasons.values())) == 1:
        yield f"Nothing goes out: {next(iter(reasons.values()))}"
        return
    for name, reason in reasons.items():
        yield f"No {name}: {reason}"
