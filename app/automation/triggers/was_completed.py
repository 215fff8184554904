from app.automation.rule_part import Trigger
from app.models import EventType

PART = Trigger(
    key="appointment_completed",
    order=80,
    sentence="an appointment is completed",
    events=frozenset({EventType.APPOINTMENT_COMPLETED}),
)
