"""What a visitor's panel asks and says, by a token in the Authorization header (RFC 6750)."""

from contextlib import closing
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request
from itsdangerous import BadData
from werkzeug.exceptions import HTTPException

from app import presence
from app.extensions import db
from app.lib.time.clock import now
from app.models import ChatSession, IdentityMode
from app.presence import VISITOR, Doing
from app.tenancy import current_tenant_id
from app.web.chat import chat_limits
from app.web.chat.chat_door import (
    PREFIX,
    Chat,
    entered,
    language,
    on_http_error,
    on_refused,
    visitor,
)
from app.web.chat.widget import KEY_SECONDS, panel_keys
from app.web.guards import access
from app.webchat import page_seen, typed_contact, visitor_files, visitor_sessions
from app.webchat.chat_state import hours
from app.webchat.enable_chat import asks_to_sign_in, secrets_of
from app.webchat.visitor_feed import Feed, as_json, feed
from app.webchat.visitor_identity import BadIdentity, Identity, verified
from app.webchat.visitor_message import Posted, customer_id, post
from app.webchat.visitor_receipts import receipts
from app.webchat.visitor_refused import VisitorRefused, Why
from app.webchat.visitor_sessions import About

BIGINT = 2**63 - 1

blueprint = Blueprint("chat", __name__, url_prefix=PREFIX)
access.allow("chat", access.PUBLIC)
blueprint.register_error_handler(VisitorRefused, on_refused)
blueprint.register_error_handler(HTTPException, on_http_error)


@blueprint.errorhandler(BadIdentity)
def on_bad_identity(error: BadIdentity) -> Response:
    return make_response(jsonify(error=str(error), code="bad_identity"), 403)


@blueprint.post("/session")
def session(slug: str) -> Response:
    """A session and its token; with identity, a JWT of the business's site, that person's.

    A session that is shown and is the same person's is prolonged in its place.
    """
    given = _given()
    with entered(slug) as chat:
        limits = chat_limits.SESSIONS if _from_panel(given) else chat_limits.BARE_SESSIONS
        chat_limits.allow("session", limits, current_tenant_id())
        who = _identity(chat, _text(given, "identity"))
        if who and (known := _prolonged(who)):
            return jsonify(token=known, verified=True)
        about = About(language(chat), request.remote_addr or "")
        begun, token = visitor_sessions.begin(who, about, now())
        _seen_page(begun, given)
        db.session.commit()
        return make_response(jsonify(token=token, verified=who is not None), 201)


@blueprint.get("/messages")
def messages(slug: str) -> Response:
    """What came after the message of the id, in order, and how the chat stands."""
    after = request.args.get("after", 0, type=int)
    with entered(slug) as chat:
        me = _looking()
        db.session.commit()
        return jsonify(_told(chat, me, feed(me, min(max(after, 0), BIGINT), now())))


@blueprint.post("/messages")
def write(slug: str) -> Response:
    """A message (body), once for each client_token; with name, email and phone, how they can be
    reached."""
    given = _given()
    with entered(slug) as chat:
        chat_limits.allow("message", chat_limits.MESSAGES, current_tenant_id())
        me = _writing(chat)
        _take_contact(chat, me, given)
        db.session.commit()
        sent = post(chat.route, me, _text(given, "body"), _text(given, "client_token"), now())
        return _posted(sent)


@blueprint.post("/files")
def send_file(slug: str) -> Response:
    """A file as a message of its own (file, client_token), once somebody has answered."""
    with entered(slug) as chat:
        chat_limits.allow("file", chat_limits.FILES, current_tenant_id())
        me = _writing(chat)
        if not feed(me, BIGINT, now()).answered:
            raise VisitorRefused(Why.NO_FILES_YET)
        upload = request.files.get("file")
        if upload is None:
            raise VisitorRefused(Why.EMPTY)
        with closing(upload):
            file = visitor_files.checked(upload.filename or "", upload.read())
        token = request.form.get("client_token", "")
        return _posted(post(chat.route, me, "", token, now(), (file,)))


@blueprint.post("/contact")
def contact(slug: str) -> Response:
    """How they can be reached (name, email, phone); nobody has verified it."""
    given = _given()
    with entered(slug) as chat:
        chat_limits.allow("message", chat_limits.MESSAGES, current_tenant_id())
        me = _writing(chat)
        _take_contact(chat, me, given)
        db.session.commit()
        return Response(status=204)


@blueprint.post("/presence")
def tell(slug: str) -> Response:
    """What they do (doing: looking, typing or gone), on which page (page_url, page_title), and up
    to which messages of ours they have come (delivered, read)."""
    given = _given()
    with entered(slug):
        me = _looking()
        _seen_page(me, given)
        db.session.commit()
        receipts(me, _number(given, "delivered"), _number(given, "read"), now())
        who, doing = customer_id(me), _text(given, "doing")
        if who is not None and doing in set(Doing):
            presence.tell(current_tenant_id(), who, VISITOR, Doing(doing), now())
        return Response(status=204)


@blueprint.post("/end")
def end(slug: str) -> Response:
    """The chat is over: its token opens nothing any more."""
    with entered(slug):
        me = _looking()
        visitor_sessions.end(me, now())
        db.session.commit()
        if (who := customer_id(me)) is not None:
            presence.tell(current_tenant_id(), who, VISITOR, Doing.GONE, now())
        return Response(status=204)


def _told(chat: Chat, me: ChatSession, found: Feed) -> dict[str, Any]:
    spoken = language(chat) if request.args.get("lang") else me.language
    return {
        "messages": [as_json(each) for each in found.messages],
        "typing": found.typing,
        "seen_up_to": found.seen_up_to,
        "read_up_to": found.read_up_to,
        "may_attach": found.answered,
        "reachable": bool(me.typed_email or me.typed_phone or me.identity),
        "hours": hours(spoken, chat.tenant.locale, now())._asdict(),
    }


def _looking() -> ChatSession:
    """Raises VisitorRefused."""
    chat_limits.allow("look", chat_limits.LOOKS, current_tenant_id())
    return visitor()


def _writing(chat: Chat) -> ChatSession:
    """Who may write just now. Raises VisitorRefused."""
    me = visitor()
    if asks_to_sign_in(chat.settings) and me.identity is None:
        raise VisitorRefused(Why.SIGN_IN)
    return me


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


def _from_panel(given: dict[str, Any]) -> bool:
    """Whether the caller was shown the panel of late."""
    try:
        panel_keys().loads(_text(given, "key"), max_age=KEY_SECONDS)
    except BadData:
        return False
    return True


def _take_contact(chat: Chat, me: ChatSession, given: dict[str, Any]) -> None:
    name, email, phone = (_text(given, each) for each in ("name", "email", "phone"))
    typed_contact.take(me, name, email, phone, chat.tenant.country)


def _seen_page(me: ChatSession, given: dict[str, Any]) -> None:
    page_seen.take(me, _text(given, "page_url"), _text(given, "page_title"))


def _posted(sent: Posted) -> Response:
    status = 201 if sent.fresh else 200
    return make_response(jsonify(id=sent.id, at=sent.at.isoformat()), status)


def _given() -> dict[str, Any]:
    """The fields of a JSON object or of a form; of anything else none."""
    if request.is_json:
        found = request.get_json(silent=True)
        return found if isinstance(found, dict) else {}
    return request.form.to_dict()


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


def _number(given: dict[str, Any], name: str) -> int:
    value = given.get(name)
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= BIGINT
    return value if is_id else 0  # type: ignore[return-value]
