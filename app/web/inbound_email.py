"""Whoever receives emails for a business posts them here. A 200 means that it is committed."""

from hmac import compare_digest

from flask import Blueprint, Response, request

from app.extensions import vault
from app.inbound import routing
from app.inbound.emails.receive_email import receive_email
from app.lib.time.clock import now
from app.lib.vault import VaultError
from app.providers import inbound_email
from app.providers.contract import BadRequest
from app.web import error_pages
from app.web.guards import access
from app.web.guards.admitted import admitted
from app.web.guards.csrf import csrf

blueprint = Blueprint("inbound_email", __name__, url_prefix="/api/email/<slug>")
access.allow("inbound_email", access.PUBLIC)
csrf.exempt(blueprint)


@blueprint.errorhandler(BadRequest)
def on_bad_request(error: BadRequest) -> Response:
    return error_pages.answer(400, f"{error}.")


@blueprint.post("/inbound")
def message(slug: str) -> Response:
    """A customer's email, in any shape of app/providers/inbound_email."""
    route = verified(slug)
    said = inbound_email.received(request.content_type or "", request.get_data(cache=False))
    receive_email(route, said, now())
    return Response(status=200)


def verified(slug: str) -> routing.Route:
    """The business of the slug, if the address has its secret (guards/admitted.py)."""
    return admitted(slug, _fits)


def _fits(route: routing.Route) -> bool:
    if route.email_token_sealed is None:
        return False
    try:
        token = vault().open(route.email_token_sealed)
    except VaultError:
        # Nobody can be told apart without it: refuse until a new one is made.
        return False
    return compare_digest(token.encode(), request.args.get("token", "").encode())
