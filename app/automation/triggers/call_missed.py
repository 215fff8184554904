from app.automation.rule_part import Trigger
from app.models import EventType

PART = Trigger(
    key="call_missed",
    order=40,
    sentence="somebody calls and nobody takes the call",
    events=frozenset({EventType.CALL_MISSED}),
)
