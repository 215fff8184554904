"""The event stream behind every open inbox."""

from flask import Blueprint, Response, abort, current_app, g
from flask_security import current_user

from app import live
from app.lib.clock import now
from app.tenancy import current_tenant_id
from app.web import access

blueprint = Blueprint("live", __name__)
access.allow("live", access.STAFF, tenant=True)


@blueprint.get("/live")
def events() -> Response:
    """Server-sent events: the id of each customer whose conversation changed, or * for all."""
    hub: live.Hub = current_app.extensions["live"]
    lifetime = min(live.LIFETIME, g.session_ends_at - now())
    try:
        stream = live.stream(hub, current_tenant_id(), current_user.id, lifetime)
    except live.TooManyStreams:
        # The page looks by itself every few seconds (stream.js).
        abort(503)
    # Nothing of the request lives on in the stream: it holds no database connection.
    answer = Response(stream, mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer
