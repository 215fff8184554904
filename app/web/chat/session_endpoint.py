"""A visitor's session: begun with what is said first, prolonged by who is signed in, and ended."""

from flask import Response, jsonify, make_response, request

from app import presence
from app.extensions import db
from app.lib.time.clock import now
from app.models import IdentityMode
from app.presence import VISITOR, Doing
from app.tenancy import current_tenant_id
from app.web.chat import chat_limits, suspicion
from app.web.chat.chat_door import Chat, entered, language, looking, visitor, visitors_blueprint
from app.web.chat.given_fields import given, text_of
from app.webchat import page_seen, visitor_sessions
from app.webchat.enable_chat import secrets_of
from app.webchat.visitor_identity import BadIdentity, Identity, verified
from app.webchat.visitor_message import customer_id
from app.webchat.visitor_refused import VisitorRefused, Why
from app.webchat.visitor_sessions import About

blueprint = visitors_blueprint("chat_session")


@blueprint.errorhandler(BadIdentity)
def on_bad_identity(error: BadIdentity) -> Response:
    return make_response(jsonify(error=str(error), code="bad_identity"), 403)


@blueprint.post("/session")
def begin(slug: str) -> Response:
    """A session and its token; with identity, a JWT of the business's site, that person's.

    A session that is shown and is the same person's is prolonged in its place. Who looks like a
    program is told a challenge, and begins one with the proof.
    """
    fields = given()
    with entered(slug) as chat:
        chat_limits.allow_caller("session", chat_limits.SESSIONS)
        who = _identity(chat, text_of(fields, "identity"))
        if who and (known := _prolonged(who)):
            return jsonify(token=known, verified=True)
        # Whom the site has signed in it vouches for.
        if who is None:
            suspicion.check_session(chat, fields)
        chat_limits.allow_business("session", current_tenant_id())
        about = About(language(chat), request.remote_addr or "")
        begun, token = visitor_sessions.begin(who, about, now())
        page_seen.take(begun, text_of(fields, "page_url"), text_of(fields, "page_title"))
        db.session.commit()
        return make_response(jsonify(token=token, verified=who is not None), 201)


@blueprint.post("/end")
def end(slug: str) -> Response:
    """The chat is over: its token opens nothing any more."""
    with entered(slug):
        me = looking()
        visitor_sessions.end(me, now())
        db.session.commit()
        if (who := customer_id(me)) is not None:
            presence.tell(current_tenant_id(), who, VISITOR, Doing.GONE, now())
        return Response(status=204)


def _identity(chat: Chat, token: str) -> Identity | None:
    """Whom the site has signed in. Raises BadIdentity, and VisitorRefused where it must have."""
    mode = chat.settings.identity_mode
    if token and mode != IdentityMode.OFF:
        return verified(token, secrets_of(chat.settings), now())
    if mode == IdentityMode.ENFORCE:
        raise VisitorRefused(Why.SIGN_IN)
    return None


def _prolonged(who: Identity) -> str | None:
    """The token that is shown, if it is that person's."""
    try:
        me = visitor()
    except VisitorRefused:
        return None
    if not visitor_sessions.prolong(me, who):
        return None
    db.session.commit()
    return request.headers["Authorization"].partition(" ")[2].strip()
