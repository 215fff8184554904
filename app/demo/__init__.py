"""A demo business with realistic data, made by the same code that serves real ones."""

import secrets
from dataclasses import dataclass

from sqlalchemy import select

from app import onboarding
from app.demo import diary, talk
from app.extensions import db, settings
from app.lib.clock import now
from app.models import Role, Tenant, User
from app.tenancy import tenant_scope, unscoped

SLUG = "bella-salon"
# Development only: in production everybody gets a password that nobody has read anywhere.
KNOWN_PASSWORD = "bella-demo-2026"  # noqa: S105
PEOPLE = (
    (Role.STAFF, "maya@bella.example", "Maya Ortiz"),
    (Role.TENANT_ADMIN, "bella@bella.example", "Bella Romano"),
    (Role.PLATFORM_ADMIN, "operator@kaivox.example", "Operator"),
)


@dataclass(frozen=True)
class SignIn:
    role: str
    email: str
    password: str


def create() -> list[SignIn]:
    """Make the business and its people. Raises onboarding.Rejected if it exists already."""
    tenant = onboarding.create_tenant(
        slug=SLUG,
        name="Bella Salon",
        timezone="America/New_York",
        country="US",
        sms_from="+14155550100",
        whatsapp_from="+14155550100",
        forward_calls_to="+14155550101",
    )
    people = [_sign_in(tenant, *person) for person in PEOPLE]
    with tenant_scope(tenant.id):
        talk.create(tenant, now())
        diary.create(tenant, now())
    return people


def _sign_in(tenant: Tenant, role: Role, email: str, name: str) -> SignIn:
    password = secrets.token_urlsafe(12) if settings().production else KNOWN_PASSWORD
    business = None if role is Role.PLATFORM_ADMIN else tenant
    onboarding.create_user(email, password, role, business, name)
    return SignIn(role, email, password)


def known_people() -> list[SignIn]:
    """How to sign in to the demo business of a developer, if there is one."""
    if settings().production:
        return []
    with unscoped("the demo's people belong to different tenants"):
        there = set(db.session.scalars(select(User.email)))
    return [SignIn(r, email, KNOWN_PASSWORD) for r, email, _ in PEOPLE if email in there]
