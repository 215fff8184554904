"""The event stream behind every open inbox."""

import select
import socket
from functools import partial

from flask import Blueprint, Response, abort, current_app, g, request
from flask_security import current_user

from app import live
from app.lib.time.clock import now
from app.tenancy import current_tenant_id
from app.web.guards import access

blueprint = Blueprint("live", __name__)
access.allow("live", access.STAFF, tenant=True)


@blueprint.get("/live")
def events() -> Response:
    """Server-sent events: the id of each customer whose conversation changed, or * for all."""
    hub: live.Hub = current_app.extensions["live"]
    lifetime = min(live.LIFETIME, g.session_ends_at - now())
    is_gone = partial(_is_gone, request.environ.get("gunicorn.socket"))
    try:
        stream = live.stream(hub, current_tenant_id(), current_user.id, lifetime, is_gone)
    except live.TooManyStreams:
        # The page looks by itself every few seconds (stream.js).
        abort(503)
    # Nothing of the request lives on in the stream: it holds no database connection.
    answer = Response(stream, mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _is_gone(sock: socket.socket | None) -> bool:
    """Whether whoever reads the stream has hung up."""
    if sock is None:
        return False
    try:
        readable = select.poll()
        readable.register(sock, select.POLLIN)
        return bool(readable.poll(0)) and not sock.recv(1, socket.MSG_PEEK)
    except (OSError, ValueError):
        return True
