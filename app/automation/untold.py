"""What happened and no event tells of yet: of these rows rules hear once (collect.py), and a trial
takes them for what happened, too (past_events.py)."""

from sqlalchemy import ColumnElement, and_, exists

from app.automation.who_wrote import by_a_person
from app.lib.telephone.call_outcome import CallOutcome
from app.models import AutomationEvent, Call, EventType, Message


def heard() -> ColumnElement[bool]:
    """The condition that a customer wrote the message."""
    return and_(by_a_person(), untold(Message, EventType.MESSAGE_RECEIVED))


def missed() -> ColumnElement[bool]:
    """The condition that nobody took the customer's call."""
    return and_(
        Call.outcome == CallOutcome.MISSED,
        Call.customer_id.is_not(None),
        untold(Call, EventType.CALL_MISSED),
    )


def untold(kind: type[Message] | type[Call], type_: EventType) -> ColumnElement[bool]:
    """The condition that no event of the type was found in the row."""
    return ~exists().where(
        AutomationEvent.tenant_id == kind.tenant_id,
        AutomationEvent.type == type_,
        AutomationEvent.found_in == kind.id,
    )
