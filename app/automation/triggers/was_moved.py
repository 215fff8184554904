from app.automation.rule_part import Trigger
from app.models import EventType

PART = Trigger(
    key="appointment_moved",
    order=60,
    sentence="an appointment is moved",
    events=frozenset({EventType.APPOINTMENT_MOVED}),
)
