"""What was said, either way, on any channel. What is sent here goes through the same outbox as what
staff write: with all limits, opt-outs and session windows."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.lib.time.clock import now
from app.models import Customer, Message
from app.models.message import Direction
from app.outbox.compose.attachments import MOST_FILES, Upload
from app.outbox.compose.manual_message import compose
from app.outbox.refused import Refused
from app.web.api.fields import File, Id, Instant, names
from app.web.api.resource import New, Resource, Said, refused
from app.web.guards.problem import Problem

DIRECTIONS = [each.value for each in Direction]


class AttachmentShown(Schema):
    id = Id(required=True, metadata={"description": "The file is at /api/v1/attachments/{id}."})
    name = fields.String(attribute="file_name", required=True)
    content_type = fields.String(
        required=True, metadata={"description": "As whoever sent it calls it."}
    )
    state = fields.String(
        required=True,
        validate=validate.OneOf(["waiting", "stored", "failed"]),
        metadata={"description": "Whether the file is here, will be, or could not be had."},
    )


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
    attachments = fields.List(fields.Nested(AttachmentShown), attribute="media", required=True)
    created_at = Instant(required=True)


class AttachmentNew(Schema):
    name = fields.String(required=True, validate=validate.Length(min=1, max=100))
    content = File(required=True, metadata={"contentEncoding": "base64"})


class MessageNew(Schema):
    customer_id = Id(required=True)
    channel = fields.String(
        required=True, metadata={"description": "sms, whatsapp, email or another of theirs."}
    )
    body = fields.String(required=True, validate=validate.Length(max=100_000))
    subject = fields.String(
        validate=validate.Length(max=1_000), metadata={"description": "Of an email."}
    )
    attachments = fields.List(
        fields.Nested(AttachmentNew),
        validate=validate.Length(max=MOST_FILES),
        metadata={"description": "Pictures and PDFs, 5 MB together."},
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
    told: dict[str, Any] = {"client_token": said.get("client_token") or name, "subject": subject}
    files = [Upload(each["name"], each["content"]) for each in said.get("attachments", ())]
    try:
        return compose(customer, said["channel"], text, now(), uploads=files, **told)
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
    loads=(selectinload(Message.media),),
    filters={
        "customer_id": names(Message.customer_id),
    },
)
