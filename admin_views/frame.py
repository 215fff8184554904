"""What the frame around every page shows of who is working where."""

from flask import g

from app.extensions import db
from app.models import Tenant
from app.tenancy import current_tenant_id, tenant_in_scope


def business() -> Tenant:
    """The business in scope, asked for as often as one likes: one statement a request."""
    # A session knows a row only as long as somebody holds it.
    g.business = db.session.get_one(Tenant, current_tenant_id())
    return g.business  # type: ignore[no-any-return]


def in_business() -> str:
    """The name of the business in scope; empty for the operator outside of one."""
    return business().name if tenant_in_scope() else ""


def initials(name: str) -> str:
    """Two letters for a round picture; # for a bare number."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:2]).upper() or "#"
