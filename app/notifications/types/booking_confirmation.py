"""The confirmation of what was booked."""

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
    """Once, as soon as the appointment is made; one that is moved meanwhile says the new time."""
    if slot.stands and slot.starts_at > now and TYPE.key not in past.settled:
        yield Step(0, slot.agreed_at, slot.starts_at)


TYPE = NotificationType(
    key="booking_confirmation",
    label="Booking confirmation",
    order=1,
    help="Goes out at once when an appointment is made.",
    rule="to confirm the appointment",
    variables=(*OF_AN_APPOINTMENT, MANAGE_LINK),
    texts={
        "en": Text(
            "Your appointment at {{business_name}}",
            "Hi {{customer_name}}, your {{service_name}} at {{business_name}} is booked for"
            " {{appointment_date}} at {{appointment_time}} with {{staff_name}}. See you then!",
        ),
        "es": Text(
            "Tu cita en {{business_name}}",
            "Hola, {{customer_name}}: te esperamos en {{business_name}} el {{appointment_date}},"
            " {{appointment_time}}, para tu {{service_name}} con {{staff_name}}. ¡Hasta pronto!",
        ),
    },
    plan=plan,
)
