"""Whether what happened is still so when it is judged."""

from datetime import datetime

from app.extensions import db
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Appointment, AutomationEvent, Call, EventType
from app.notifications.types.notification_type import EXPECTED


def still_holds(event: AutomationEvent) -> bool:
    """Not where it was undone, or changed again since, which is an event of its own."""
    if event.type.startswith("appointment."):
        appointment = db.session.get(Appointment, event.appointment_id or 0)
        return appointment is not None and _stands(appointment, event)
    if event.type == EventType.CALL_MISSED:
        call = db.session.get(Call, event.call_id or 0)
        return call is not None and call.outcome == CallOutcome.MISSED
    return True


def _stands(appointment: Appointment, event: AutomationEvent) -> bool:
    # It may have been confirmed since.
    same = appointment.status == event.facts["status"] or (
        {appointment.status, event.facts["status"]} <= EXPECTED
    )
    there = datetime.fromisoformat(event.facts["starts_at"]) == appointment.starts_at
    return same and (there or event.type == EventType.APPOINTMENT_BOOKED)
