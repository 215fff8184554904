"""Finds what belongs to claimed messages, which are of any tenant."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from app.models import Message

Id = InstrumentedAttribute[int]


def of_messages(messages: Sequence[Message], tenant_id: Id, message_id: Id) -> ColumnElement[bool]:
    """The condition that a row is of one of them, as indexes have it: by tenant first."""
    tenants = {message.tenant_id for message in messages}
    return and_(tenant_id.in_(tenants), message_id.in_([message.id for message in messages]))
