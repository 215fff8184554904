"""The texts of automatic messages, in the business's words."""

from marshmallow import Schema, fields

from app.models import MessageTemplate
from app.web.api.fields import Filter, Id, Instant
from app.web.api.resource import Resource


class TemplateShown(Schema):
    id = Id(required=True)
    type = fields.String(
        required=True, metadata={"description": "Which automatic message it is of."}
    )
    channel = fields.String(required=True)
    language = fields.String(required=True, metadata={"description": "Two letters (ISO 639-1)."})
    subject = fields.String(required=True, metadata={"description": "Of an email."})
    body = fields.String(
        required=True, metadata={"description": "Liquid, such as {{customer_name}}."}
    )
    updated_at = Instant(required=True)


RESOURCE = Resource(
    name="templates",
    one="template",
    model=MessageTemplate,
    shown=TemplateShown,
    reads="setup:read",
    tells_changes=True,
    filters={
        "type": Filter(lambda text: MessageTemplate.type == text),
        "channel": Filter(lambda text: MessageTemplate.channel == text),
        "language": Filter(lambda text: MessageTemplate.language == text),
    },
)
