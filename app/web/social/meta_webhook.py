"""Meta calls here for all businesses together. A 200 means that what it told us is committed.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks: one
address for an app; each entry names an account. Who does not answer with 200 for an hour is told
nothing more, so that nobody's trouble may be the others'.
"""

from hmac import compare_digest

from flask import Blueprint, Response, request
from werkzeug.exceptions import Forbidden

from app.extensions import settings
from app.inbound.social import account_routes, kept_events
from app.lib.time.clock import now
from app.providers import meta
from app.providers.contract import BadRequest
from app.web import error_pages
from app.web.guards import access, strangers
from app.web.guards.csrf import csrf

blueprint = Blueprint("meta_webhook", __name__, url_prefix="/api/meta")
access.allow("meta_webhook", access.PUBLIC)
csrf.exempt(blueprint)


@blueprint.errorhandler(BadRequest)
def on_bad_request(error: BadRequest) -> Response:
    return error_pages.answer(400, f"{error}.")


@blueprint.get("/webhook")
def verify() -> Response:
    """Meta asks once whether the address is ours: it knows the word that our operator gave it."""
    asked, word = request.args, settings().meta_verify_token
    given = asked.get("hub.verify_token", "")
    fits = word and compare_digest(word.encode(), given.encode("utf-8", "replace"))
    if not fits or asked.get("hub.mode") != "subscribe":
        strangers.refuse(Forbidden())
    return Response(asked.get("hub.challenge", ""), mimetype="text/plain")


@blueprint.post("/webhook")
def events() -> Response:
    """What happened to businesses' accounts; of one that nobody has connected nothing is kept."""
    body = request.get_data(cache=False)
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not meta.signed(body, signature, settings().meta_app_secrets):
        strangers.refuse(Forbidden())
    moment = now()
    for entry in meta.entries(body):
        channel = account_routes.CHANNEL_OF.get(entry.kind, "")
        route = account_routes.route(channel, entry.account) if channel else None
        if route:
            for item, standby in meta.items(entry):
                kept_events.take(route, channel, item, standby, moment)
    return Response("EVENT_RECEIVED", mimetype="text/plain")
