"""Who is signed in, by the key in their session's cookie; and what begins and ends a session."""

from typing import Any

from flask import Flask, after_this_request, g, request, session
from flask_login import user_logged_in, user_logged_out

from app.audit.audit_record import record_of
from app.extensions import db, security
from app.lib import browsers
from app.lib.time.clock import now
from app.models import AuditAction, User
from app.users import sessions
from app.web.sign_in import device

KEY = "key"
# What Flask-Login has just written about who signed in.
LOGIN = ("_user_id", "_fresh", "_id")
# By a password alone, with a second factor, by a passkey alone, or by a provider (app/web/sso).
SSO = "sso.callback"
SIGN_INS = (
    *("security.login", "second_step.ask", "second_step.answer"),
    *("passkey_sign_in.sign_in", SSO),
)


def init_app(app: Flask) -> None:
    """Call it after Flask-Security has set itself up."""
    security.login_manager.user_loader(_load)
    # No token in a header or an address, and no identity for every picture of a page.
    security.login_manager.request_loader(lambda _request: None)
    security.principal.identity_loaders.clear()
    user_logged_in.connect(_begin, app)
    user_logged_out.connect(_end, app)


def _load(_user_id: str) -> User | None:
    key = session.get(KEY)
    moment = now()
    found = sessions.find(key, moment) if isinstance(key, str) else None
    if found is None:
        return None
    g.signed_in_at = moment
    g.session_id, g.session_ends_at = found.id, found.ends_at
    # Held as long as the request, so that nobody asks for it again (admin_views/frame.py).
    g.business = found.business
    return found.user


def _begin(_app: Flask, user: User, **_more: Any) -> None:
    """A session of its own: nothing of what the browser held before goes on in it."""
    login = {name: session[name] for name in LOGIN}
    _clear()
    session.update(login)
    browser = browsers.described(request.user_agent.string)
    session[KEY] = sessions.begin(user, browser, request.remote_addr, now())
    if request.endpoint in SIGN_INS:
        by = {"by": "single sign-on"} if request.endpoint == SSO else {}
        record_of(user, AuditAction.SIGNED_IN, browser=browser, **by)
    after_this_request(lambda response: device.remember(response, user.id))


def _end(_app: Flask, user: User, **_more: Any) -> None:
    key = session.get(KEY)
    if isinstance(key, str):
        sessions.end(key, now())
        record_of(user, AuditAction.SIGNED_OUT)
        db.session.commit()
    _clear()


def _clear() -> None:
    session.clear()
    # Flask-WTF keeps the token that it has made in this request.
    g.pop("csrf_token", None)
