from app.automation.rule_part import Trigger
from app.models import EventType

PART = Trigger(
    key="delivery_failed",
    order=100,
    sentence="a message to a customer fails",
    events=frozenset({EventType.MESSAGE_FAILED}),
)
