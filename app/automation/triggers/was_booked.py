from app.automation.rule_part import Trigger
from app.models import EventType

PART = Trigger(
    key="appointment_booked",
    order=50,
    sentence="an appointment is booked",
    events=frozenset({EventType.APPOINTMENT_BOOKED}),
)
