"""Calls: who rang, and whether somebody took it."""

from marshmallow import Schema, fields, validate

from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call
from app.web.api.fields import INSTANT, Filter, Id, Instant, instant_of, names
from app.web.api.resource import Resource

OUTCOMES = [each.value for each in CallOutcome]


class CallShown(Schema):
    id = Id(required=True)
    customer_id = Id(
        required=True, allow_none=True, metadata={"description": "Null: nobody that is known."}
    )
    caller = fields.String(required=True, metadata={"description": "E.164, or what was told."})
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    started_at = Instant(required=True)
    duration_seconds = fields.Integer(required=True)
    notes = fields.String(required=True)


RESOURCE = Resource(
    name="calls",
    one="call",
    model=Call,
    shown=CallShown,
    reads="calls:read",
    filters={
        "customer_id": names(Call.customer_id),
        "outcome": Filter(lambda text: Call.outcome == text),
        "started_from": Filter(lambda text: Call.started_at >= instant_of(text), INSTANT),
    },
)
