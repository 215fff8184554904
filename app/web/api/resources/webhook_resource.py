"""Where the business's own systems are told of events; their secrets are shown to nobody."""

from marshmallow import Schema, fields

from app.models import WebhookEndpoint
from app.web.api.fields import Id, Instant
from app.web.api.resource import Resource


class WebhookShown(Schema):
    id = Id(required=True)
    name = fields.String(required=True)
    url = fields.String(required=True)
    event_types = fields.List(fields.String(), required=True)
    created_at = Instant(required=True)
    disabled_at = Instant(
        required=True, allow_none=True, metadata={"description": "Since when nothing is sent."}
    )
    disabled_reason = fields.String(required=True)
    failing_since = Instant(
        required=True, allow_none=True, metadata={"description": "Null: it answered well last."}
    )


RESOURCE = Resource("webhooks", "webhook", WebhookEndpoint, WebhookShown, "setup:read")
