"""The notice that an appointment is off."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.models.appointment import AppointmentStatus
from app.notifications.types.notification_type import (
    OF_AN_APPOINTMENT,
    NotificationType,
    Past,
    Slot,
    Step,
    Text,
)


def plan(slot: Slot, options: Mapping[str, Any], past: Past, now: datetime) -> Iterable[Step]:
    """Once, to who still expects to come; until the start that they know of, which it names."""
    cancelled = slot.status in TYPE.states
    if slot.tell_at and cancelled and past.known and past.known > now:
        yield Step(0, slot.tell_at, past.known)


TYPE = NotificationType(
    key="appointment_cancelled",
    label="Appointment cancelled",
    order=3,
    help="Goes out when staff cancel an appointment and want the customer told. Who cancels by an"
    " answer gets your answer to it instead.",
    rule="to tell them that it is cancelled",
    variables=OF_AN_APPOINTMENT,
    texts={
        "en": Text(
            "Your appointment is cancelled",
            "Hi {{customer_name}}, your {{service_name}} at {{business_name}} on"
            " {{appointment_date}} at {{appointment_time}} is cancelled. For another time just"
            " answer here.",
        ),
        "es": Text(
            "Tu cita queda cancelada",
            "Hola, {{customer_name}}: tu {{service_name}} del {{appointment_date}},"
            " {{appointment_time}}, en {{business_name}} queda cancelada. Para otra fecha responde"
            " a este mensaje.",
        ),
    },
    states=frozenset({AppointmentStatus.CANCELLED}),
    names_known_start=True,
    plan=plan,
)
