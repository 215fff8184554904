"""Where somebody is sent to the provider of their business, and comes back."""

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_security.utils import _get_post_login_redirect
from flask_wtf import FlaskForm
from limits import parse_many
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.extensions import db
from app.lib.time.clock import now
from app.lib.vault import VaultError
from app.providers.openid import OpenIDError, ask_identity
from app.users.sso import business_provider
from app.users.sso.business_provider import BusinessProvider
from app.users.sso.user_of_identity import NotLetIn, user_of
from app.web.guards import access
from app.web.sign_in import tries
from app.web.sso import sso_entry, sso_trial, sso_trip, sso_words

blueprint = Blueprint("sso", __name__, url_prefix="/login/sso")
access.allow("sso", access.PUBLIC)

# Of one caller, as many as passwords: each may call a provider.
OFTEN = parse_many("30 per minute; 300 per hour")
# The address that was typed, on its way to the provider's own page.
HINT = "sso_hint"


class TooManySignIns(tries.TooManyTries):
    text = "Too many sign-ins were begun from here. Wait {wait}."


class AddressForm(FlaskForm):  # type: ignore[misc]
    email = StringField(
        "Email", [InputRequired("Give the address that you sign in with."), Length(max=254)]
    )


@blueprint.route("", methods=["GET", "POST"])
def find() -> str:
    """Which business's provider it is, by an address; the answer is one for all of its domain."""
    form, slug = AddressForm(), None
    asked = form.validate_on_submit()
    if asked:
        _count("address")
        slug = business_provider.slug_of_address(form.email.data)
        session[HINT] = form.email.data if slug else ""
    # A form leads to no other site (form-action), the page that answers it does.
    there = url_for(".start", slug=slug, next=request.args.get("next")) if slug else ""
    return render_template(
        "sso/find_provider.html", form=form, there=there, lost=asked and not slug
    )


@blueprint.get("/<slug>")
def start(slug: str) -> Response | tuple[str, int]:
    """The link of a business, that leads to its provider."""
    _count("start")
    try:
        provider = _provider(slug)
        hint = session.pop(HINT, "")
        return redirect(sso_trip.way_there(provider, _get_post_login_redirect(), hint))
    except OpenIDError as error:
        return _refused(slug, sso_words.said(error))
    except VaultError:
        return _refused(slug, sso_words.UNREADABLE)


@blueprint.get("/<slug>/callback")
def callback(slug: str) -> Response | tuple[str, int]:
    """Back from there."""
    trip = sso_trip.brought_back(slug)
    if trip is None:
        return _refused(slug, sso_words.STALE, 400)
    if trip.trial:
        return sso_trial.ended(slug, trip)
    try:
        provider = _provider(slug)
        identity = ask_identity(provider.client, trip.one, request.args, now())
        user = user_of(provider, identity, now())
    except (OpenIDError, NotLetIn) as error:
        return _refused(slug, sso_words.said(error))
    except VaultError:
        return _refused(slug, sso_words.UNREADABLE)
    return sso_entry.let_in(provider, user, identity, trip.target)


def _provider(slug: str) -> BusinessProvider:
    """404 where there is none, as for a business that is none. No connection is held after it."""
    provider = business_provider.of_slug(slug)
    db.session.rollback()
    return provider or abort(404)


def _count(what: str) -> None:
    """Raises TooManySignIns."""
    tries.count([tries.Counter(OFTEN, ("sso", what, tries.caller()))], TooManySignIns)


def _refused(slug: str, why: str, status: int = 403) -> tuple[str, int]:
    return render_template("sso/sso_refused.html", slug=slug, why=why), status
