"""The event stream behind every open inbox: the web says who may have it, app/streams tells it."""

from flask import Blueprint, Response, abort, g, jsonify, redirect, request
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.extensions import settings
from app.row_security.visibility import viewer
from app.streams import door
from app.streams.ticket import Ticket, issue
from app.tenancy import current_tenant_id
from app.web.guards import access
from app.web.stream_relay import NoRoom, Refused, relay

blueprint = Blueprint("live", __name__)
access.allow("live", access.STAFF, tenant=True)


@blueprint.get("/live/ticket")
def ticket() -> Response:
    """The address of a stream of one's own, for an EventSource; it opens within half a minute."""
    return jsonify(url=f"{door.url(settings(), request.host_url)}?{_query()}")


@blueprint.get("/live")
def events() -> AnyResponse:
    """Server-sent events: the id of each customer whose conversation changed, or * for all.

    For programs, and for pages whose browser cannot come to the door. Where as many as may come
    through the web do, the others are sent there (307).
    """
    path = f"{door.PATH}?{_query()}"
    try:
        stream = relay(door.beside(settings()), path, request.environ.get("gunicorn.socket"))
    except NoRoom:
        return redirect(f"{door.url(settings(), request.host_url)}?{_query()}", 307)
    except (Refused, OSError):
        # The page looks by itself every few seconds (stream.js).
        abort(503)
    # Nothing of the request lives on in the stream: it holds no database connection.
    return Response(stream, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _query() -> str:
    shown = Ticket(
        tenant_id=current_tenant_id(),
        user_id=current_user.id,
        session_id=g.session_id,
        ends_at=g.session_ends_at,
        # What they may see was looked at then: what was taken away since ends this stream, too.
        issued_at=g.signed_in_at,
        origin=door.origin(request.host_url),
        names_nobody=viewer() is not None,
    )
    return f"ticket={issue(settings().signing_keys, shown)}"
