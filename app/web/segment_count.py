"""What a text costs, told while it is written."""

from flask import Blueprint, Response, jsonify, request

from app.extensions import db
from app.lib.text import segments
from app.lib.text.homoglyphs import plain
from app.models import Tenant
from app.tenancy import current_tenant_id
from app.web.guards import access

# No channel takes so many; counting takes time for each.
MOST = 10_000

blueprint = Blueprint("segments", __name__)
access.allow("segments", access.STAFF, tenant=True)


@blueprint.post("/messages/segments")
def count() -> Response:
    """Segments, encoding and room of a text, as it would be sent."""
    body = request.form.get("body", "")[:MOST].replace("\r\n", "\n").strip()
    if db.session.get_one(Tenant, current_tenant_id()).plain_characters:
        body = plain(body)
    counted = segments.count(body)
    return jsonify(segments=counted.count, encoding=counted.encoding, left=counted.left)
