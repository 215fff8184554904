"""Which number and which account a tenant's messages leave by: its own, else the platform's."""

from sqlalchemy import select

from app.channels.base import Channel
from app.extensions import db, settings, vault
from app.models import Tenant
from app.providers.base import Account


def sender(tenant: Tenant, channel: Channel) -> str | None:
    """The address that the tenant writes from on the channel; None where none is connected."""
    own = {"sms": tenant.sms_from, "whatsapp": tenant.whatsapp_from}
    return own.get(channel.key) or platforms().get(channel.key)


def is_free(number: str) -> bool:
    """Whether a business may take the number for its own: it is no other's."""
    theirs = (Tenant.sms_from == number) | (Tenant.whatsapp_from == number)
    return db.session.scalar(select(Tenant.id).where(theirs).limit(1)) is None


def platforms() -> dict[str, str]:
    """The numbers of those who have none of their own, by channel."""
    numbers = {
        "sms": settings().twilio_from_number,
        "whatsapp": settings().twilio_whatsapp_from,
    }
    return {key: number.removeprefix("whatsapp:") for key, number in numbers.items() if number}


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
