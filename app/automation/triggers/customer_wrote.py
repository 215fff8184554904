from app.automation.rule_part import Trigger
from app.models import EventType

PART = Trigger(
    key="customer_wrote",
    order=10,
    sentence="a customer writes",
    events=frozenset({EventType.MESSAGE_RECEIVED}),
)
