"""The business in which a platform admin works for the moment: entered, and left again."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import Flask, g, session

from app.extensions import db
from app.lib.time.clock import now
from app.models import Tenant

ENTERED, SINCE = "entered_tenant_id", "entered_at"
# So that nobody is in a business the next day, and does not know it.
LASTS = timedelta(hours=8)


class Visited(NamedTuple):
    """What the frame says of it, also where the database is away."""

    id: int
    name: str
    slug: str


def init_app(app: Flask) -> None:
    """Signing in and signing out empty the session (signed_in.py), and so leave."""
    app.jinja_env.globals["visited"] = visited


def enter(tenant: Tenant, moment: datetime) -> None:
    session[ENTERED], session[SINCE] = tenant.id, moment.timestamp()


def leave() -> None:
    session.pop(ENTERED, None)
    session.pop(SINCE, None)


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
    g.visited = Visited(tenant.id, tenant.name, tenant.slug)
    return tenant.id


def visited() -> Visited | None:
    """The business in which a platform admin works; None for everybody else."""
    found: Visited | None = g.get("visited")
    return found
