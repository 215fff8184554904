"""What happened and no event tells of yet: of these rows rules hear once (collect.py), and a trial
takes them for what happened, too (past_events.py)."""

from sqlalchemy import ColumnElement, and_, exists

from app.lib.telephone.call_outcome import CallOutcome
from app.models import AutomationEvent, Call, Direction, EventType, Message, ReceivedEmail


def heard() -> ColumnElement[bool]:
    """The condition that a customer wrote the message: no program did, and it was not recovered
    late."""
    by_program = exists().where(
        ReceivedEmail.tenant_id == Message.tenant_id,
        ReceivedEmail.message_id == Message.id,
        ~ReceivedEmail.personal,
    )
    return and_(
        Message.direction == Direction.INBOUND,
        ~Message.recovered,
        ~by_program,
        untold(Message, EventType.MESSAGE_RECEIVED),
    )


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
