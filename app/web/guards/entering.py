"""The business in which a platform admin works for the moment: entered for a reason, and left."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import Flask, g, session

from app.extensions import db
from app.lib.time.clock import now
from app.models import Tenant

ENTERED, SINCE = "entered_tenant_id", "entered_at"
REASON, MAY_CHANGE = "entered_for", "entered_may_change"
LASTS = timedelta(hours=1)


class Visited(NamedTuple):
    """What the frame says of it, also where the database is away."""

    id: int
    name: str
    slug: str
    reason: str
    may_change: bool
    """Else nothing of the business changes (app/web/guards/visiting.py)."""
    until: datetime


def init_app(app: Flask) -> None:
    """Signing in and signing out empty the session (signed_in.py), and so leave."""
    app.jinja_env.globals["visited"] = visited


def enter(tenant: Tenant, reason: str, may_change: bool, moment: datetime) -> None:
    session[ENTERED], session[SINCE] = tenant.id, moment.timestamp()
    session[REASON], session[MAY_CHANGE] = reason, may_change


def leave() -> int | None:
    """The business that was left, if one had been entered."""
    for name in (SINCE, REASON, MAY_CHANGE):
        session.pop(name, None)
    left: int | None = session.pop(ENTERED, None)
    return left


def entered() -> int | None:
    """The business that was entered, if that was not too long ago and it is still there."""
    since = datetime.fromtimestamp(session.get(SINCE, 0), UTC)
    tenant_id = session.get(ENTERED)
    if tenant_id is None:
        return None
    tenant = db.session.get(Tenant, tenant_id) if now() - since < LASTS else None
    if tenant is None:
        leave()
        return None
    # A session from before reasons were asked for has none, and only looks.
    reason, may_change = session.get(REASON, ""), session.get(MAY_CHANGE, False)
    g.visited = Visited(tenant.id, tenant.name, tenant.slug, reason, may_change, since + LASTS)
    return tenant.id


def visited() -> Visited | None:
    """The business in which a platform admin works; None for everybody else."""
    found: Visited | None = g.get("visited")
    return found
