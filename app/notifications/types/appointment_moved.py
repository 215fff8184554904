"""The notice that an appointment has another start."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.notifications.types.notification_type import (
    MANAGE_LINK,
    OF_AN_APPOINTMENT,
    NotificationType,
    Past,
    Slot,
    Step,
    Text,
)


def plan(slot: Slot, options: Mapping[str, Any], past: Past, now: datetime) -> Iterable[Step]:
    """Once for the start that holds, to who takes it to have another or to be cancelled; a
    confirmation that is still to go says it as well."""
    knows = past.known == slot.starts_at or past.confirms
    if slot.tell_at and slot.stands and slot.starts_at > now and not knows:
        yield Step(0, slot.tell_at, slot.starts_at)


TYPE = NotificationType(
    key="appointment_moved",
    label="Appointment moved",
    order=2,
    help="Goes out when staff move an appointment, or reopen one, and want the customer told.",
    rule="to tell them of the new time",
    variables=(*OF_AN_APPOINTMENT, MANAGE_LINK),
    # True of one that was cancelled and is on again, too.
    texts={
        "en": Text(
            "Your appointment is now on {{appointment_date}}",
            "Hi {{customer_name}}, your {{service_name}} at {{business_name}} is now on"
            " {{appointment_date}} at {{appointment_time}} with {{staff_name}}. Can't make it? Just"
            " answer here.",
        ),
        "es": Text(
            "Tu cita es ahora el {{appointment_date}}",
            "Hola, {{customer_name}}: tu {{service_name}} en {{business_name}} es ahora el"
            " {{appointment_date}}, {{appointment_time}}, con {{staff_name}}. ¿No puedes venir?"
            " Responde a este mensaje.",
        ),
    },
    plan=plan,
)
