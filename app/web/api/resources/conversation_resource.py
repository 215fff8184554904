"""Each customer's one conversation, over all channels; its messages are under /messages."""

from marshmallow import Schema, ValidationError, fields
from sqlalchemy import ColumnElement

from app.lib.time.clock import now
from app.models import Conversation, ConversationState
from app.web.api.fields import Filter, Id, Instant, names
from app.web.api.resource import Resource

STATES = [each.value for each in ConversationState]


class ConversationShown(Schema):
    id = Id(required=True)
    customer_id = Id(required=True)
    state = fields.Function(
        lambda row: str(row.state(now())),
        required=True,
        metadata={"type": "string", "enum": STATES},
    )
    assignee_id = Id(
        required=True, allow_none=True, metadata={"description": "The user who sees to it."}
    )
    waiting_since = Instant(
        required=True,
        allow_none=True,
        attribute="waits_since",
        metadata={"description": "Since when the customer waits for an answer."},
    )
    snoozed_until = Instant(required=True, allow_none=True)
    unread_count = fields.Integer(required=True)
    last_message_at = Instant(required=True)
    last_channel = fields.String(required=True)


def _unread(text: str) -> ColumnElement[bool]:
    if text not in ("true", "false"):
        raise ValidationError("true or false")
    return Conversation.unread_count > 0 if text == "true" else Conversation.unread_count == 0


RESOURCE = Resource(
    name="conversations",
    one="conversation",
    model=Conversation,
    shown=ConversationShown,
    reads="conversations:read",
    filters={
        "customer_id": names(Conversation.customer_id),
        "assignee_id": names(Conversation.assignee_id),
        "unread": Filter(_unread, {"type": "boolean"}),
    },
)
