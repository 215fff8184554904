"""Twilio calls here. A 200 means that what it told us is committed."""

import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from app.channels import CHANNELS
from app.extensions import settings, vault
from app.health import refused_signatures
from app.inbound import clicks, receive, routing
from app.lib.reminder_buttons import Button
from app.lib.time.clock import now
from app.lib.vault import VaultError
from app.outbox.settle import delivery_report
from app.providers import twilio
from app.providers.contract import BadRequest
from app.tenancy import tenant_scope
from app.web import error_pages
from app.web.guards import access
from app.web.guards.admitted import admitted
from app.web.guards.csrf import csrf

NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

blueprint = Blueprint("webhooks", __name__, url_prefix="/api/twilio/<slug>")
access.allow("webhooks", access.PUBLIC)
csrf.exempt(blueprint)


@blueprint.errorhandler(BadRequest)
def on_bad_request(error: BadRequest) -> Response:
    return error_pages.answer(400, f"{error}.")


# An RCS sender can be told to put in the place of to post.
@blueprint.route("/sms", methods=["POST", "PUT"], defaults={"channel": "sms"})
@blueprint.post("/whatsapp", defaults={"channel": "whatsapp"})
def message(slug: str, channel: str) -> Response:
    """A customer's message. Answered with empty TwiML: what is to be said, staff say."""
    route = verified(slug)
    # A Messaging Service has one address for all its channels: the prefix of either end tells. Of
    # RCS some have seen the customer's without it.
    ends = request.form.get("From", ""), request.form.get("To", "")
    medium = twilio.channel_of(*ends) or CHANNELS[channel]
    told = twilio.received(medium, request.form, route.account_sid)
    if told.tapped and told.tapped.button is Button.CLICK:
        clicks.note(route, medium, told, now())
    else:
        receive.receive(route, medium, told, now())
    return Response(NOTHING_TO_SAY, mimetype="text/xml")


@blueprint.route("/message-status", methods=["POST", "PUT"])
def message_status(slug: str) -> Response:
    """What became of a message of ours; one that we never sent is none of our business."""
    route = verified(slug)
    report = twilio.status_report(request.form)
    with tenant_scope(route.tenant_id):
        delivery_report.apply(report, _public_id(), route.account_sid, now())
    return Response(status=204)


def verified(slug: str) -> routing.Route:
    """The business of the slug, if Twilio signed this request for it (guards/admitted.py); 413 for
    a body that is not read."""
    return admitted(slug, _signed, _note_refused)


def _note_refused(route: routing.Route) -> None:
    refused_signatures.refused(route.tenant_id, _likely_cause(route))


def _signed(route: routing.Route) -> bool:
    signed = _signed_for(settings().public_url, route)
    # Nobody signs for another account, and what one vouches for is asked of no other.
    return signed and request.form.get("AccountSid", route.account_sid) == route.account_sid


def _signed_for(base: str, route: routing.Route) -> bool:
    query = request.query_string.decode("latin-1")
    url = base + request.path + (f"?{query}" if query else "")
    signature = request.headers.get("X-Twilio-Signature", "")
    return twilio.signed(url, request.form, signature, _tokens(route))


def _likely_cause(route: routing.Route) -> refused_signatures.Cause:
    """Whether Twilio was told another address, by which we are reached all the same."""
    hosts = {urlsplit(settings().public_url).netloc, request.host}
    bases = [f"{scheme}://{host}" for host in hosts for scheme in ("https", "http")]
    elsewhere = any(_signed_for(base, route) for base in bases if base != settings().public_url)
    return refused_signatures.Cause.ADDRESS if elsewhere else refused_signatures.Cause.TOKEN


def _tokens(route: routing.Route) -> Iterator[str]:
    """The tenant's own token where it has one; else the platform's."""
    platform = settings().twilio_auth_token
    if route.token_sealed is None:
        yield from [platform] if platform else []
        return
    try:
        yield vault().open(route.token_sealed)
    except VaultError:
        # Nobody can be told apart without the token: refuse until it is entered again.
        return


def _public_id() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args["mid"])
    except (KeyError, ValueError):
        return None
