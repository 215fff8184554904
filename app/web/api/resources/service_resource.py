"""What can be booked."""

from marshmallow import Schema, fields

from app.models import Service
from app.web.api.fields import Id
from app.web.api.resource import Resource


class ServiceShown(Schema):
    id = Id(required=True)
    name = fields.String(required=True)
    duration_minutes = fields.Integer(required=True, metadata={"description": "As it is booked."})
    active = fields.Boolean(required=True, metadata={"description": "Whether it is offered now."})


RESOURCE = Resource(
    "services", "service", Service, ServiceShown, "appointments:read", tells_changes=True
)
