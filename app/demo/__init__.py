"""A demo business with realistic data, made by the same code that serves real ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_security import verify_password
from sqlalchemy import select, update

from app import onboarding
from app.demo import (
    demo_accounts,
    demo_appointments,
    demo_calls,
    demo_chat,
    demo_conversations,
    demo_customers,
    demo_hours,
    demo_labels,
    demo_notifications,
    demo_rules,
    demo_templates,
    demo_webhooks,
)
from app.demo.demo_days import Days
from app.extensions import db, settings
from app.lib.time.clock import now
from app.models import ContactPoint, Role, Tenant, User
from app.numbers.enter import enter
from app.tenancy import tenant_scope, unscoped
from app.users import passwords, user_access

SLUG = "bella-salon"
# For this machine alone: where others can come, everybody gets a password that nobody has read.
KNOWN_PASSWORD = "bella-demo-2026"  # noqa: S105
PEOPLE = (
    (Role.STAFF, "maya@bella.example", "Maya Ortiz"),
    (Role.TENANT_ADMIN, "bella@bella.example", "Bella Romano"),
    (Role.PLATFORM_ADMIN, "operator@kaivox.example", "Operator"),
)
# At the simulated Twilio.
RCS_SENDER, MESSAGING_SERVICE = "bella_salon_demo_agent", "MG" + "be11a" * 6 + "00"
# Longer ago than all that happened.
BEFORE = timedelta(days=14)


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
        reply_to="hello@bella.example",
    )
    signed_in = [_sign_in(tenant, *person) for person in PEOPLE]
    with tenant_scope(tenant.id):
        demo_templates.create()
        demo_accounts.create(now())
        demo_hours.create(tenant, now())
        enter(tenant, "rcs", RCS_SENDER, now(), by_operator=True, service=MESSAGING_SERVICE)
        _live(tenant, now())
        demo_webhooks.create(now())
        _has_rcs(now())
        demo_chat.create(now())
    return signed_in


def _has_rcs(moment: datetime) -> None:
    """Some of the telephones, as there are with real customers."""
    some = ContactPoint.channel == "sms", ContactPoint.id % 3 == 0
    seen = update(ContactPoint).where(*some).values(rcs_seen_at=moment)
    db.session.execute(seen.execution_options(synchronize_session=False))
    db.session.commit()


def _live(tenant: Tenant, moment: datetime) -> None:
    """The last days again, each thing in its order: what was written, booked, called and sent."""
    demo_notifications.set_up(moment - BEFORE)
    demo_rules.turn_on(moment - BEFORE)
    demo_customers.create(moment - BEFORE)
    demo_appointments.create()
    days = Days(moment, ZoneInfo(tenant.timezone))
    events = [
        *demo_conversations.events(tenant, days),
        *demo_appointments.events(days),
        *demo_calls.events(tenant, days),
    ]
    for event in sorted(events, key=lambda event: event.at):
        demo_notifications.send(until=event.at)
        event.happen()
        demo_rules.look(event.at)
    demo_notifications.send(until=moment)
    demo_conversations.read_all_but_unread()
    demo_labels.create(days)


def _sign_in(tenant: Tenant, role: Role, email: str, name: str) -> SignIn:
    password = passwords.fresh() if exposed() else KNOWN_PASSWORD
    business = None if role is Role.PLATFORM_ADMIN else tenant
    onboarding.create_user(email, password, role, business, name)
    return SignIn(role, email, password)


def known_people() -> list[SignIn]:
    """How to sign in to the demo business, if there is one.

    A password that stands in the README must not open anything that others can reach: there its
    people get new ones, told this once.
    """
    emails = {email: role for role, email, _ in PEOPLE}
    with unscoped("the demo's people belong to different tenants"):
        people = db.session.scalars(select(User).where(User.email.in_(emails)).order_by(User.id))
        known = [user for user in people if verify_password(KNOWN_PASSWORD, user.password)]
        told = [SignIn(user.role, user.email, _password(user)) for user in known]
        db.session.commit()
    return told


def _password(user: User) -> str:
    if not exposed():
        return KNOWN_PASSWORD
    return user_access.reset(user, now())


def exposed() -> bool:
    """Whether others than this machine's user can come here."""
    return settings().exposed
