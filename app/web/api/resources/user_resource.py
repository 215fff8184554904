"""Who signs in: assignees of conversations and authors of messages."""

from marshmallow import Schema, fields, validate

from app.models import Role, User
from app.web.api.fields import Filter, Id
from app.web.api.resource import Resource

ROLES = [Role.TENANT_ADMIN.value, Role.STAFF.value]


class UserShown(Schema):
    id = Id(required=True)
    name = fields.String(required=True)
    email = fields.Email(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    active = fields.Boolean(required=True, metadata={"description": "Whether they may sign in."})


RESOURCE = Resource(
    name="users",
    one="user",
    model=User,
    shown=UserShown,
    reads="setup:read",
    filters={"email": Filter(lambda text: User.email == text)},
)
