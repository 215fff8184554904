"""What is reached over HTTP and is no admin screen: sign-in, webhooks, live stream, health."""

from flask import Flask, redirect, url_for
from flask_security import current_user
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from app.config import Settings
from app.models import Role
from app.web import (
    error_pages,
    event_stream,
    health_endpoints,
    inbound_email,
    media_files,
    message_actions,
    metrics_page,
    notification_actions,
    presence_endpoint,
    received_email_page,
    segment_count,
    timing,
    voice,
    waiting,
)
from app.web.api import api_docs, api_routes
from app.web.chat import (
    messages_endpoint,
    session_endpoint,
    visit_endpoints,
    visitor_stream,
    widget,
)
from app.web.guards import (
    access,
    conversation_guard,
    entering,
    headers,
    page_scope,
    second_factor_guard,
    visiting,
)
from app.web.links import (
    calendar_feed_link,
    own_appointment_link,
    reply_address_link,
    review,
    unsubscribe_link,
)
from app.web.sign_in import (
    forgot_password,
    invitation_page,
    passkey_pages,
    passkey_sign_in,
    password,
    second_factor_page,
    second_step,
    sign_in,
)
from app.web.social import meta_webhook
from app.web.sso import sso_page

PARTS = (
    api_docs,
    api_routes,
    calendar_feed_link,
    health_endpoints,
    inbound_email,
    event_stream,
    forgot_password,
    invitation_page,
    media_files,
    passkey_pages,
    passkey_sign_in,
    password,
    notification_actions,
    presence_endpoint,
    received_email_page,
    reply_address_link,
    review,
    second_factor_page,
    second_step,
    message_actions,
    meta_webhook,
    metrics_page,
    own_appointment_link,
    segment_count,
    sso_page,
    unsubscribe_link,
    session_endpoint,
    messages_endpoint,
    visit_endpoints,
    visitor_stream,
    voice,
    waiting,
    widget,
)


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    app.wsgi_app = health_endpoints.answering(app.wsgi_app)  # type: ignore[assignment, method-assign]
    # All templates know the same; each would have a chain of dictionaries, walked at every include.
    known = app.jinja_env.globals
    app.jinja_env.make_globals = lambda own: own or known  # type: ignore[assignment, method-assign]
    timing.init_app(app)
    access.init_app(app)
    app.before_request(second_factor_guard.lead)
    page_scope.init_app(app)
    app.before_request(visiting.refuse)
    app.before_request(access.require_tenant)
    conversation_guard.init_app(app)
    sign_in.init_app(app)
    entering.init_app(app)
    headers.init_app(app)
    error_pages.init_app(app)
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    app.add_url_rule("/", "home", home)
    access.allow("home", access.SIGNED_IN)


def home() -> Response:
    """Staff begin in the inbox, the operator among the businesses."""
    if current_user.role == Role.PLATFORM_ADMIN:
        return redirect(url_for("admin.index"))
    return redirect(url_for("inbox.index"))
