from app.automation.rule_part import Trigger
from app.models import EventType

PART = Trigger(
    key="appointment_missed",
    order=90,
    sentence="a customer misses an appointment",
    events=frozenset({EventType.APPOINTMENT_MISSED}),
)
