"""What all addresses of a chat share: whose it is, who asks, and how a refusal looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request
from limits import RateLimitItem
from werkzeug.exceptions import HTTPException, NotFound

from app.extensions import db
from app.inbound.routing import Route, route
from app.lib.time.clock import now
from app.models import ChatSession, ChatSettings, Tenant
from app.tenancy import current_tenant_id, tenant_scope
from app.web import error_pages
from app.web.chat import chat_limits
from app.web.guards import access
from app.webchat import visitor_sessions
from app.webchat.enable_chat import asks_to_sign_in, switched_on
from app.webchat.panel_words import first_known
from app.webchat.visitor_refused import VisitorRefused, Why

PREFIX = "/chat/<slug>"
STATUS = {
    Why.SIGN_IN: 403,
    Why.NO_FILES_YET: 403,
    Why.ANOTHER_TEXT: 409,
    Why.FILE_TOO_LARGE: 413,
    Why.TOO_FAST: 429,
    Why.PROOF_NEEDED: 403,
    Why.OVER: 401,
}


@dataclass(frozen=True)
class Chat:
    """A business's chat that is switched on."""

    route: Route
    settings: ChatSettings
    tenant: Tenant


def visitors_blueprint(name: str) -> Blueprint:
    """Of addresses that are everybody's; what is refused there is told as JSON."""
    made = Blueprint(name, __name__, url_prefix=PREFIX)
    access.allow(name, access.PUBLIC)
    made.register_error_handler(VisitorRefused, on_refused)
    made.register_error_handler(HTTPException, on_http_error)
    return made


@contextmanager
def entered(slug: str) -> Iterator[Chat]:
    """Within the business's scope. An unknown slug, and a chat that is switched off or shown
    nowhere, are the same 404: nobody learns who is a customer of ours."""
    found = route(slug)
    if found is None:
        raise NotFound
    with tenant_scope(found.tenant_id):
        settings = switched_on()
        if settings is None:
            raise NotFound
        yield Chat(found, settings, db.session.get_one(Tenant, found.tenant_id))


def visitor() -> ChatSession:
    """Whose token the request shows, seen now. Raises VisitorRefused."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = visitor_sessions.find(token.strip(), now()) if kind.lower() == "bearer" else None
    if found is None:
        raise VisitorRefused(Why.OVER)
    visitor_sessions.seen(found, request.remote_addr or "", now())
    return found


def looking() -> ChatSession:
    """The visitor, who asks once more how it stands. Raises VisitorRefused."""
    return _counted("look", chat_limits.LOOKS)


def writing(chat: Chat, what: str, limits: list[RateLimitItem]) -> ChatSession:
    """The visitor, if they may do that just now. Raises VisitorRefused."""
    me = _counted(what, limits)
    if asks_to_sign_in(chat.settings) and me.identity is None:
        raise VisitorRefused(Why.SIGN_IN)
    return me


def _counted(what: str, limits: list[RateLimitItem]) -> ChatSession:
    """The visitor; whose token does not hold uses up nothing of the business's."""
    chat_limits.allow_caller(what, limits)
    me = visitor()
    chat_limits.allow_business(what, current_tenant_id())
    return me


def language(chat: Chat) -> str:
    """The one that the page asks for, else the browser's, else the business's."""
    spoken = request.accept_languages.values()
    return first_known([request.args.get("lang", ""), *spoken, chat.tenant.locale])


def on_refused(error: VisitorRefused) -> Response:
    db.session.rollback()
    told: dict[str, Any] = {"error": str(error), "code": error.why}
    if error.challenge:
        told["challenge"] = error.challenge._asdict()
    answer = make_response(jsonify(told), STATUS.get(error.why, 422))
    if error.seconds:
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def on_http_error(error: HTTPException) -> Response:
    """As JSON, whatever was asked for."""
    if error.code == 413:
        return on_refused(VisitorRefused(Why.FILE_TOO_LARGE))
    text = error_pages.TEXTS.get(error.code or 500, error_pages.TEXTS[400])
    return make_response(jsonify(error=text, code=f"http_{error.code}"), error.code or 500)
