"""Whoever needs a second factor and has none sets one up before anything else: also in a session
from before it was required."""

from flask import g, redirect, request, session, url_for
from flask_security import current_user
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from app.audit.acting import current_actor
from app.extensions import settings
from app.models import Role
from app.users import second_factor
from app.users.sso import provider_second_factor
from app.web.guards import access
from app.web.guards.page_scope import asked_by_script

# What is open to them all the same: to set it up, and to leave.
FREE = ("second_factor", "passkeys", "security")
# In a session that began at a provider: whether that has asked for several factors.
FROM_PROVIDER = "from_provider"


class SecondFactorMissing(Unauthorized):
    """At which an open page asks for itself anew (static/js/live/refetch.js), and is led."""

    plain = "You need a second factor here. Open KaiVox in a browser, where you set one up."


class SecondFactorRequired(Forbidden):
    plain = "A second factor is required here: it can be renewed, and not turned off."


def required() -> bool:
    """Of whoever is signed in: by their business, or of operators by this installation."""
    if current_user.role == Role.PLATFORM_ADMIN:
        return settings().operators_need_second_factor
    return bool(g.business and g.business.second_factor_required)


def _proved_at_provider() -> bool:
    """Whether their session began there, and that counts by what their business has set by now."""
    several = session.get(FROM_PROVIDER)
    return several is not None and provider_second_factor.counts_now(several)


def lead() -> Response | None:
    """Call it after the guard that lets people in. Raises SecondFactorMissing where no page is
    asked for."""
    # Nobody acts on a route that is everybody's.
    if current_actor() is None or request.blueprint in FREE:
        return None
    if second_factor.has(current_user) or not required() or _proved_at_provider():
        return None
    if access.wants_json() or request.blueprint == "live" or asked_by_script():
        raise SecondFactorMissing
    return redirect(url_for("second_factor.index"))
