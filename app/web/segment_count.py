"""What a text costs, told while it is written."""

from flask import Blueprint, Response, jsonify, request

from app.channels import CHANNELS
from app.extensions import db
from app.models import Tenant
from app.notifications.content.cost import cost
from app.tenancy import current_tenant_id
from app.web.guards import access

# No channel takes so many; counting takes time for each.
MOST = 10_000

blueprint = Blueprint("segments", __name__)
access.allow("segments", access.STAFF, tenant=True)


@blueprint.post("/messages/segments")
def count() -> Response:
    """Segments, encoding, room and price of a text, as it would be sent by SMS; no price where the
    business has not said what a segment costs it; and about how many by RCS, where it has that."""
    body = request.form.get("body", "")[:MOST].replace("\r\n", "\n").strip()
    told = cost(body, CHANNELS["sms"], db.session.get_one(Tenant, current_tenant_id()))
    return jsonify(
        segments=told.segments,
        encoding=told.encoding,
        left=told.left,
        price=told.price or None,
        by_rcs=told.by_rcs or None,
    )
