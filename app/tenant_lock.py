"""One at a time within a business: where something is counted before one more is added."""

from sqlalchemy import select

from app.extensions import db
from app.models import Tenant
from app.tenancy import current_tenant_id


def lock_tenant() -> Tenant:
    """The business in scope: who asks at the same time comes after, until the caller's commit.
    Whoever only refers to its row does not wait."""
    query = select(Tenant).where(Tenant.id == current_tenant_id())
    return db.session.scalars(query.with_for_update(key_share=True)).one()
