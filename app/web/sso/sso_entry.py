"""Lets somebody in who comes from their provider, or asks for their second factor first."""

import time

from flask import redirect, session, url_for
from flask_security import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.extensions import db
from app.models import User
from app.providers.openid import Identity
from app.tenancy import tenant_scope
from app.users import second_factor
from app.users.sso.business_provider import BusinessProvider
from app.users.sso.provider_second_factor import asked_for_several, counts
from app.web.guards.second_factor_guard import FROM_PROVIDER
from app.web.sign_in import second_step


def let_in(provider: BusinessProvider, user: User, identity: Identity, target: str) -> Response:
    """Nothing of what the session held goes on (signed_in.py)."""
    several = asked_for_several(identity.methods)
    if second_factor.has(user) and not counts(provider.second_factor_by, several):
        session[second_step.WHO], session[second_step.WHEN] = user.fs_uniquifier, time.time()
        return redirect(url_for("second_step.ask", next=target))
    if current_user.is_authenticated:
        logout_user()
    with tenant_scope(provider.tenant_id):
        login_user(user)
        session[FROM_PROVIDER] = several
        db.session.commit()
    return redirect(target)
