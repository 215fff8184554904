"""Which number and which account a tenant's messages leave by: its own, else the platform's."""

from sqlalchemy import ScalarSelect, case, select

from app.channels.base import Channel
from app.extensions import db, settings, vault
from app.models import Message, Tenant
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
    return _own(tenant) or _platforms()


def account_used(tenant: Tenant, sid: str | None) -> Account | None:
    """The account that a message left by (Message.account_sid); None: its token is not known
    any more, or there was no account.

    Raises VaultError when the tenant's token cannot be opened.
    """
    if sid is None:
        return account(tenant)
    if sid == tenant.twilio_account_sid and (own := _own(tenant)):
        return own
    ours = _platforms()
    return ours if ours and ours.sid == sid else None


def _own(tenant: Tenant) -> Account | None:
    sid, sealed = tenant.twilio_account_sid, tenant.twilio_auth_token_sealed
    return Account(sid, vault().open(sealed)) if sid and sealed else None


def _platforms() -> Account | None:
    sid, token = settings().twilio_account_sid, settings().twilio_auth_token
    return Account(sid, token) if sid and token else None


def account_sid() -> ScalarSelect[str]:
    """Of which account a message that is claimed now leaves: the one that account() chooses."""
    ours = _platforms()
    own = (Tenant.twilio_account_sid != "") & (Tenant.twilio_auth_token_sealed != "")
    sid = case((own, Tenant.twilio_account_sid), else_=ours.sid if ours else "")
    return select(sid).where(Tenant.id == Message.tenant_id).scalar_subquery()
