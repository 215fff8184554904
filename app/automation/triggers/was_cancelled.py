from app.automation.rule_part import Trigger
from app.models import EventType

PART = Trigger(
    key="appointment_cancelled",
    order=70,
    sentence="an appointment is cancelled",
    events=frozenset({EventType.APPOINTMENT_CANCELLED}),
)
