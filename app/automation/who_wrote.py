"""Which messages that came in set off rules."""

from sqlalchemy import ColumnElement, and_, exists

from app.models import Direction, Message, ReceivedEmail


def by_a_person() -> ColumnElement[bool]:
    """The condition that a person wrote it, and that it came in when they did: not recovered."""
    by_program = exists().where(
        ReceivedEmail.tenant_id == Message.tenant_id,
        ReceivedEmail.message_id == Message.id,
        ~ReceivedEmail.personal,
    )
    return and_(Message.direction == Direction.INBOUND, ~Message.recovered, ~by_program)
