"""The reminder before an appointment."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.notifications.causes import Cause
from app.notifications.limits.quiet_hours import before
from app.notifications.types.notification_type import (
    MANAGE_LINK,
    OF_AN_APPOINTMENT,
    NotificationType,
    Option,
    Past,
    Slot,
    Step,
    Text,
)

# A reminder that comes while the customer must already be on the way helps nobody.
LAST_MOMENT = timedelta(minutes=15)


def plan(slot: Slot, options: Mapping[str, Any], past: Past, now: datetime) -> Iterable[Step]:
    """Each step at its own time before the start.

    A step whose time was over when the appointment was made is left out: the customer has just
    agreed on it. But whoever takes it to have another start, and is told by nothing else, is told
    the new one at once, by the nearest step.
    """
    if not slot.stands or slot.starts_at <= now:
        return
    until = slot.starts_at - LAST_MOMENT
    misled = past.known not in (None, slot.starts_at) and not past.tells
    for hours in sorted(options["hours"]):
        due = before(slot.starts_at, timedelta(hours=hours), slot.zone)
        if due >= slot.agreed_at:
            yield Step(hours * 60, due, until)
        elif misled and slot.booked_at < until:
            misled = False
            yield Step(hours * 60, slot.booked_at, until)
        else:
            reason = f"The appointment was made less than {_hours(hours)} before it begins."
            yield Step(hours * 60, due, until, Cause.BOOKED_LATE, reason)


def _hours(hours: int) -> str:
    return "an hour" if hours == 1 else f"{hours} hours"


TYPE = NotificationType(
    key="appointment_reminder",
    label="Appointment reminder",
    order=4,
    help="Goes out so many hours before an appointment.",
    rule="to remind of the appointment",
    variables=(*OF_AN_APPOINTMENT, MANAGE_LINK),
    joins=True,
    texts={
        "en": Text(
            "Reminder: {{appointment_date}} at {{appointment_time}}",
            "Hi {{customer_name}}, a reminder of your {{service_name}} at {{business_name}} on"
            " {{appointment_date}} at {{appointment_time}} with {{staff_name}}. Can't make it? Just"
            " answer here.",
        ),
        "es": Text(
            "Recordatorio: {{appointment_date}}, {{appointment_time}}",
            "Hola, {{customer_name}}: te recordamos tu {{service_name}} con {{staff_name}} el"
            " {{appointment_date}}, {{appointment_time}}, en {{business_name}}. ¿No puedes venir?"
            " Responde a este mensaje.",
        ),
    },
    options=(
        Option(
            "hours",
            "Hours before",
            "hours",
            [24],
            "Several steps are possible, such as 24, 2.",
            least=1,
            most=336,
        ),
    ),
    plan=plan,
)
