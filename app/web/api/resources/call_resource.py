"""Calls: who rang, and whether somebody took it."""

from datetime import datetime

from marshmallow import Schema, fields, validate

from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call
from app.web.api.fields import Id, Instant, names
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


def _instant(text: str) -> datetime:
    found: datetime = Instant().deserialize(text)
    return found


RESOURCE = Resource(
    name="calls",
    one="call",
    model=Call,
    shown=CallShown,
    reads="calls:read",
    filters={
        "customer_id": names(Call.customer_id),
        "outcome": lambda text: Call.outcome == text,
        "started_from": lambda text: Call.started_at >= _instant(text),
    },
)
