"""A business's OpenID provider, as whoever signs in finds it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, literal, select

from app.extensions import db, settings, vault
from app.models import SingleSignOn, Tenant, User
from app.providers.openid import OpenIDClient
from app.tenancy import current_tenant_id, unscoped

WHY = "who signs in is in no business yet"


@dataclass(frozen=True)
class BusinessProvider:
    tenant_id: int
    slug: str
    business: str
    """Its name."""
    client: OpenIDClient
    second_factor_by: str
    makes_staff: bool
    domains: Sequence[str]


def redirect_uri(slug: str) -> str:
    """Where its provider sends somebody back to: another address for each business, so that no
    provider's answer is taken for another's (RFC 9700, 4.4)."""
    return f"{settings().public_url}/login/sso/{slug}/callback"


def of_slug(slug: str) -> BusinessProvider | None:
    """The business's, if it is on. Raises VaultError where its secret cannot be read."""
    with unscoped(WHY):
        return _one(Tenant.slug == slug, SingleSignOn.enabled.is_(True))


def of_business_in_scope() -> BusinessProvider | None:
    """Likewise, on or not: an admin tries it."""
    return _one(Tenant.id == current_tenant_id())


def slug_of_address(email: str) -> str | None:
    """Of the business that alone has users with addresses of that domain, if it has a provider.

    So the answer says nothing of the address: it is the same for every one of the domain, whether
    anybody signs in with it or not.
    """
    domain = email.strip().lower().rpartition("@")[2]
    # As it stands in the index.
    parts = (literal(each, literal_execute=True) for each in ("@", 2))
    of_domain = func.split_part(User.email, *parts) == domain
    users = select(User.tenant_id).where(of_domain, User.active).distinct().limit(2)
    with unscoped(WHY):
        found = db.session.scalars(users).all()
        return db.session.scalar(_slug(found[0])) if len(found) == 1 else None


def _slug(tenant_id: int | None) -> Select[str]:
    return (
        select(Tenant.slug)
        .join(SingleSignOn, SingleSignOn.tenant_id == Tenant.id)
        .where(Tenant.id == tenant_id, SingleSignOn.enabled)
    )


def _one(*which: ColumnElement[bool]) -> BusinessProvider | None:
    query = select(Tenant, SingleSignOn).join(SingleSignOn, SingleSignOn.tenant_id == Tenant.id)
    row = db.session.execute(query.where(*which)).one_or_none()
    return _provider(*row) if row else None


def _provider(tenant: Tenant, sso: SingleSignOn) -> BusinessProvider:
    secret = vault().open(sso.client_secret_sealed) if sso.client_secret_sealed else ""
    back, private = redirect_uri(tenant.slug), settings().private_networks
    client = OpenIDClient(sso.issuer, sso.client_id, secret, back, private)
    named = tenant.id, tenant.slug, tenant.name, client
    return BusinessProvider(*named, sso.second_factor_by, sso.makes_staff, tuple(sso.domains))
