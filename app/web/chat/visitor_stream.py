"""A visitor's event stream, which says no more than that their chat has changed."""

from threading import BoundedSemaphore

from flask import Response, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from app.extensions import db, settings
from app.lib.time.clock import now
from app.models import ChatSession
from app.streams import door
from app.streams.ticket import Ticket, issue
from app.tenancy import current_tenant_id
from app.web.chat.chat_door import entered, looking, visitors_blueprint
from app.web.stream_relay import NoRoom, Refused, relay
from app.webchat.visitor_message import customer_id
from app.webchat.visitor_sessions import IDLE

# Of a process: staff have theirs beside these.
ROOM = BoundedSemaphore(8)

blueprint = visitors_blueprint("chat_stream")


@blueprint.get("/ticket")
def ticket(slug: str) -> Response:
    """The address of a stream, for an EventSource; it opens within half a minute."""
    return jsonify(url=f"{_door()}?{_query(slug)}")


@blueprint.get("/stream")
def events(slug: str) -> AnyResponse:
    """Server-sent events: * when the chat has changed. For programs; where as many as may come
    through the web do, the others are sent to the streams (307)."""
    query = _query(slug)
    path = f"{door.PATH}?{query}"
    try:
        told = relay(door.beside(settings()), path, request.environ.get("gunicorn.socket"), ROOM)
    except NoRoom:
        return redirect(f"{_door()}?{query}", 307)
    except (Refused, OSError):
        # The panel looks by itself every few seconds.
        abort(503)
    return Response(told, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _door() -> str:
    return door.url(settings(), request.host_url)


def _query(slug: str) -> str:
    with entered(slug):
        me = looking()
        db.session.commit()
        shown = _shown(me, customer_id(me) or 0)
    db.session.remove()
    return f"ticket={issue(settings().signing_keys, shown)}"


def _shown(me: ChatSession, who: int) -> Ticket:
    moment = now()
    return Ticket(
        tenant_id=current_tenant_id(),
        user_id=0,
        session_id=me.id,
        ends_at=me.expires_at or moment + IDLE,
        issued_at=moment,
        origin=door.origin(request.host_url),
        customer_id=who,
    )
