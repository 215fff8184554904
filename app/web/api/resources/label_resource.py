"""What a business sorts its conversations by."""

from marshmallow import Schema, fields, validate

from app.models import Colour, Label
from app.web.api.fields import Id
from app.web.api.resource import Resource

COLOURS = [each.value for each in Colour]


class LabelShown(Schema):
    id = Id(required=True)
    name = fields.String(required=True)
    colour = fields.String(required=True, validate=validate.OneOf(COLOURS))


RESOURCE = Resource("labels", "label", Label, LabelShown, "setup:read", tells_changes=True)
