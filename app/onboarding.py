"""A new business, with what it needs from the first minute."""

from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from phonenumbers import SUPPORTED_REGIONS
from sqlalchemy import select

from app.automation import ready_made
from app.customers import contact
from app.extensions import db
from app.lib.telephone.phone import e164
from app.lib.text.cleaning import clean
from app.lib.time.clock import now
from app.lib.time.locales import locale_of
from app.models import Role, Tenant, User
from app.notifications import settings
from app.notifications.content.template_languages import LANGUAGES
from app.notifications.content.templates import defaults
from app.numbers.enter import NotEntered, enter
from app.outbox.queue.destinations import closed
from app.tenancy import tenant_scope, unscoped
from app.users.passwords import WeakPassword, set_password


class Rejected(ValueError):
    """What was given cannot be used; the text says what is wrong and what would be right."""


def check_timezone(name: str) -> str:
    """The IANA name. Raises Rejected."""
    if name not in _timezones():
        raise Rejected(f"“{name}” is no time zone: give one such as America/New_York")
    return name


@cache
def _timezones() -> set[str]:
    return available_timezones()


def check_country(code: str) -> str:
    """The ISO 3166 code in capitals. Raises Rejected."""
    if code.upper() not in SUPPORTED_REGIONS:
        raise Rejected(f"“{code}” is no country: give two letters such as US")
    return code.upper()


def create_tenant(
    slug: str,
    name: str,
    timezone: str,
    country: str = "US",
    sms_from: str | None = None,
    whatsapp_from: str | None = None,
    forward_calls_to: str | None = None,
    locale: str | None = None,
    reply_to: str | None = None,
) -> Tenant:
    """Make a business with its default templates and rules, in the locale's language (the
    country's, where none is given). Raises Rejected or BadNumber."""
    slug = slug.strip().lower()
    if not slug.replace("-", "").isalnum() or not slug.isascii() or slug.startswith("-"):
        raise Rejected(f"“{slug}” cannot be a slug: use small letters, digits and hyphens")
    if db.session.scalar(select(Tenant.id).where(Tenant.slug == slug)):
        raise Rejected(f"there is a business with the slug “{slug}” already")
    if not clean(name).strip():
        raise Rejected("the name is empty: give the one that customers know")
    tenant = Tenant(
        slug=slug,
        name=clean(name).strip(),
        timezone=check_timezone(timezone),
        country=check_country(country),
    )
    tenant.locale = locale or locale_of(tenant.country, LANGUAGES)
    granted = {
        "sms": number(sms_from, tenant.country),
        "whatsapp": number(whatsapp_from, tenant.country),
    }
    tenant.reply_to = _mailbox(reply_to)
    tenant.forward_calls_to = number(forward_calls_to, tenant.country)
    if tenant.forward_calls_to and (reason := closed([tenant.country], tenant.forward_calls_to)):
        raise Rejected(reason)
    db.session.add(tenant)
    db.session.flush()
    with tenant_scope(tenant.id):
        for channel, own in granted.items():
            _grant(tenant, channel, own)
        db.session.add_all([*defaults(tenant), *settings.rows()])
        ready_made.make(tenant.locale, now())
        db.session.commit()
    return tenant


def _grant(tenant: Tenant, channel: str, own: str | None) -> None:
    try:
        enter(tenant, channel, own, now(), by_operator=True)
    except NotEntered:
        db.session.rollback()
        raise Rejected(
            f"{own} is in use already: give a number of the business's own, or none"
        ) from None


def open_countries(tenant: Tenant, codes: Iterable[str]) -> None:
    """Let the business's texts and calls go to these countries beside its own by the platform's
    account, and to no others, committed. Raises Rejected."""
    tenant.open_countries = list(dict.fromkeys(check_country(code) for code in codes))
    db.session.commit()


def number(text: str | None, country: str) -> str | None:
    """E.164, with or without WhatsApp's prefix; None for nothing. Raises BadNumber."""
    text = (text or "").strip().removeprefix("whatsapp:")
    return e164(text, country) if text else None


def _mailbox(text: str | None) -> str | None:
    try:
        return contact.mailbox(text) if text else None
    except contact.BadAddress as error:
        raise Rejected(str(error)) from None


def create_user(
    email: str, password: str, role: Role, tenant: Tenant | None, name: str = ""
) -> User:
    """Make somebody who can sign in. Raises Rejected."""
    if (tenant is None) != (role is Role.PLATFORM_ADMIN):
        raise Rejected("a platform admin has no tenant; everybody else needs one")
    try:
        email = contact.normal("email", email, "")
    except contact.BadAddress as error:
        raise Rejected(str(error)) from None
    with unscoped("an email signs in to one tenant only"):
        if db.session.scalar(select(User.id).where(User.email == email)):
            raise Rejected("this email cannot be used: choose another")
        user = User(
            tenant_id=tenant.id if tenant else None,
            email=email,
            name=name,
            role=role,
            active=True,
        )
        try:
            set_password(user, password, now())
        except WeakPassword as error:
            raise Rejected(str(error)) from None
        db.session.add(user)
        db.session.commit()
    return user
