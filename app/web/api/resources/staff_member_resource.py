"""Who serves the customers."""

from marshmallow import Schema, fields

from app.models import StaffMember
from app.web.api.fields import Id
from app.web.api.resource import Resource


class StaffMemberShown(Schema):
    id = Id(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True, metadata={"description": "Whether they work here now."})


RESOURCE = Resource(
    "staff_members",
    "staff member",
    StaffMember,
    StaffMemberShown,
    "appointments:read",
    tells_changes=True,
)
