"""An admin tries what they have set, on or not yet: they are told who they are there, and whom that
would let in here; nobody is signed in."""

from flask import flash, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.extensions import db
from app.lib.time.clock import now
from app.lib.vault import VaultError
from app.models import Role
from app.providers.openid import OpenIDError, ask_identity, check_provider
from app.tenancy import tenant_scope
from app.users.sso import business_provider, sso_settings
from app.users.sso.user_of_identity import NotLetIn, whose
from app.web.sso import sso_trip, sso_words
from app.web.sso.sso_trip import Trip

PAGE = "single_sign_on.index"


def begun() -> str:
    """Where the admin's browser is sent, once the provider has answered. Raises OpenIDError, or
    VaultError."""
    provider = business_provider.of_business_in_scope()
    db.session.rollback()
    if provider is None:
        return url_for(PAGE)
    check_provider(provider.client)
    return sso_trip.way_there(provider, url_for(PAGE), current_user.email, trial=True)


def ended(slug: str, trip: Trip) -> Response:
    """To the page, with what came of it; only for whoever is still signed in there."""
    if current_user.is_authenticated and current_user.role == Role.TENANT_ADMIN:
        with tenant_scope(current_user.tenant_id):
            works, told = _tried(slug, trip)
        flash(told, "success" if works else "error")
    return redirect(url_for(PAGE))


def _tried(slug: str, trip: Trip) -> tuple[bool, str]:
    try:
        provider = business_provider.of_business_in_scope()
        db.session.rollback()
        if provider is None or provider.slug != slug:
            return False, sso_words.STALE
        identity = ask_identity(provider.client, trip.one, request.args, now())
        user = whose(provider, identity)
    except VaultError:
        return False, sso_words.UNREADABLE
    except (OpenIDError, NotLetIn) as error:
        return False, sso_words.said_to_admin(error)
    sso_settings.worked(identity.issuer, now())
    db.session.commit()
    here = f"{user}, who would be signed in" if user else "nobody yet, and would become staff"
    return True, f"That works: there you are {identity.email or identity.subject}, here {here}."
