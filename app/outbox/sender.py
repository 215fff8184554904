"""Which number and which account a tenant's messages leave by: its own, else the platform's."""

from app.channels.base import Channel
from app.extensions import settings, vault
from app.models import Tenant
from app.providers.base import Account


def sender(tenant: Tenant, channel: Channel) -> str | None:
    """The address that the tenant writes from on the channel; None where none is connected."""
    own = {"sms": tenant.sms_from, "whatsapp": tenant.whatsapp_from}
    platform = {
        "sms": settings().twilio_from_number,
        "whatsapp": settings().twilio_whatsapp_from,
    }
    number = own.get(channel.key) or platform.get(channel.key)
    return number.removeprefix(channel.prefix) if number else None


def account(tenant: Tenant) -> Account | None:
    """The tenant's own Twilio account where it has one, else the platform's; None: neither.

    Raises VaultError when the tenant's token cannot be opened.
    """
    if tenant.twilio_account_sid and tenant.twilio_auth_token_sealed:
        return Account(tenant.twilio_account_sid, vault().open(tenant.twilio_auth_token_sealed))
    platform = settings()
    if platform.twilio_account_sid and platform.twilio_auth_token:
        return Account(platform.twilio_account_sid, platform.twilio_auth_token)
    return None
