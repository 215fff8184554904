"""Automatic messages: planned, sent or not sent, each with why."""

from marshmallow import Schema, fields, validate

from app.models import Notification, NotificationStatus
from app.web.api.fields import Filter, Id, Instant, names
from app.web.api.resource import Resource

STATES = [each.value for each in NotificationStatus]


class NotificationShown(Schema):
    id = Id(required=True)
    type = fields.String(required=True)
    customer_id = Id(required=True)
    appointment_id = Id(required=True, allow_none=True)
    call_id = Id(required=True, allow_none=True)
    message_id = Id(
        required=True, allow_none=True, metadata={"description": "The message that it became."}
    )
    channel = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(STATES))
    cause = fields.String(
        required=True, metadata={"description": "Why it is so, as a word; empty while planned."}
    )
    reason = fields.String(required=True, metadata={"description": "The same, as a sentence."})
    due_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)


RESOURCE = Resource(
    name="notifications",
    one="notification",
    model=Notification,
    shown=NotificationShown,
    reads="notifications:read",
    filters={
        "customer_id": names(Notification.customer_id),
        "appointment_id": names(Notification.appointment_id),
        "status": Filter(lambda text: Notification.status == text),
    },
)
