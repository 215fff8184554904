"""Where an email of ours is answered, and where it comes back to."""

from app.extensions import settings
from app.lib.mail.signed_address import Purpose, signed
from app.models import Message, Tenant


def inbound_domain(tenant: Tenant) -> str | None:
    """The domain whose every address is posted to the business's inbound address; None: the
    operator has none, or the business has no such address yet."""
    domain = settings().inbound_email_domain
    return f"{tenant.slug}.{domain}" if domain and tenant.email_token_sealed else None


def reply_to(message: Message, tenant: Tenant) -> str:
    """An address of its own, which says what is answered; without a domain for it, the business's
    mailbox."""
    return _own(Purpose.REPLY, message, tenant) or tenant.reply_to or message.sender


def return_path(message: Message, tenant: Tenant) -> str:
    """Where a bounce of it goes; empty: to its sender."""
    return _own(Purpose.BOUNCE, message, tenant)


def _own(purpose: Purpose, message: Message, tenant: Tenant) -> str:
    domain = inbound_domain(tenant)
    if domain is None:
        return ""
    return signed(settings().signing_keys, purpose, tenant.id, message.public_id, domain)
