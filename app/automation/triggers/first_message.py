from app.automation.rule_part import Trigger
from app.models import EventType

PART = Trigger(
    key="first_message",
    order=12,
    sentence="somebody writes who has never written or called before",
    events=frozenset({EventType.MESSAGE_RECEIVED}),
    wants=lambda seen, options: seen.is_new,
)
