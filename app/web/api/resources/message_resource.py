"""What was said, either way, on any channel. What is sent here goes through the same outbox as what
staff write: with all limits, opt-outs and session windows."""

from marshmallow import Schema, fields, validate

from app.extensions import db
from app.lib.time.clock import now
from app.models import Customer, Message
from app.models.message import Direction
from app.outbox.compose.manual_message import compose
from app.outbox.refused import Refused
from app.web.api.fields import Id, Instant, names
from app.web.api.resource import New, Resource, Said, refused
from app.web.guards.problem import Problem

DIRECTIONS = [each.value for each in Direction]


class MessageShown(Schema):
    id = Id(required=True)
    customer_id = Id(required=True)
    channel = fields.String(required=True)
    direction = fields.String(required=True, validate=validate.OneOf(DIRECTIONS))
    subject = fields.String(required=True, allow_none=True)
    body = fields.String(required=True)
    status = fields.Function(
        lambda row: str(row.status), required=True, metadata={"type": "string"}
    )
    error = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it did not arrive."}
    )
    created_at = Instant(required=True)


class MessageNew(Schema):
    customer_id = Id(required=True)
    channel = fields.String(
        required=True, metadata={"description": "sms, whatsapp, email or another of theirs."}
    )
    body = fields.String(required=True, validate=validate.Length(max=100_000))
    subject = fields.String(
        validate=validate.Length(max=1_000), metadata={"description": "Of an email."}
    )
    client_token = fields.String(
        validate=validate.Length(min=1, max=100),
        metadata={"description": "Made up by you: by it the message is one for ever."},
    )


def make(said: Said, name: str | None) -> Message:
    """Raises Problem: 422 where it cannot be sent, with why and what to do."""
    customer = db.session.get(Customer, said["customer_id"])
    if customer is None:
        raise refused("customer_id", "There is no such customer.")
    text, subject = said["body"], said.get("subject", "")
    token = said.get("client_token") or name
    try:
        return compose(customer, said["channel"], text, now(), client_token=token, subject=subject)
    except Refused as error:
        raise Problem(422, str(error)) from None


RESOURCE = Resource(
    name="messages",
    one="message",
    model=Message,
    shown=MessageShown,
    reads="messages:read",
    writes="messages:write",
    new=New(MessageNew, make),
    filters={
        "customer_id": names(Message.customer_id),
    },
)
