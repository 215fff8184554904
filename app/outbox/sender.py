"""From where, and by which account, a tenant's messages leave: its own, else the platform's."""

from sqlalchemy import ScalarSelect, case, select

from app.channels import CHANNELS
from app.channels.base import Channel
from app.extensions import db, settings, vault
from app.models import Message, Tenant
from app.providers.base import Account


def sender(tenant: Tenant, channel: Channel) -> str | None:
    """The address that the tenant writes from on the channel; None where none is connected."""
    if channel.address_form == "email":
        # Emails come from our address, and are answered to the business's own.
        return settings().email_from if tenant.reply_to else None
    own = {"sms": tenant.sms_from, "whatsapp": tenant.whatsapp_from}
    return own.get(channel.key) or platforms().get(channel.key)


def missing(channel: Channel) -> str:
    """What to do where sender() is None."""
    if channel.address_form == "email":
        return (
            "Nobody has said where answers to your emails go, or it is not confirmed yet. An admin"
            " can, under Business."
        )
    return f"No {channel.label} number is connected. An admin can enter one in the settings."


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


def account(tenant: Tenant, channel: Channel) -> Account | None:
    """The tenant's own account with the channel's carrier where it has one, else the platform's;
    None: neither.

    Raises VaultError when the tenant's token cannot be opened.
    """
    return _own(tenant, channel) or _platforms(channel)


def account_used(tenant: Tenant, channel: Channel, sid: str | None) -> Account | None:
    """The account that a message left by (Message.account_sid); None: its token is not known
    any more, or there was no account.

    Raises VaultError when the tenant's token cannot be opened.
    """
    if sid is None:
        return account(tenant, channel)
    if sid == tenant.twilio_account_sid and (own := _own(tenant, channel)):
        return own
    ours = _platforms(channel)
    return ours if ours and ours.sid == sid else None


def has_own(tenant: Tenant, channel: Channel) -> bool:
    """Whether the tenant's own account carries the channel; emails are carried by ours alone."""
    own = tenant.twilio_account_sid and tenant.twilio_auth_token_sealed
    return bool(own) and channel.provider == "twilio"


def _own(tenant: Tenant, channel: Channel) -> Account | None:
    sid, sealed = tenant.twilio_account_sid, tenant.twilio_auth_token_sealed
    return (
        Account(sid, vault().open(sealed)) if has_own(tenant, channel) and sid and sealed else None
    )


def _platforms(channel: Channel) -> Account | None:
    if channel.provider == "smtp":
        server = settings().mail_server
        return Account(server.user, server.password) if server else None
    sid, token = settings().twilio_account_sid, settings().twilio_auth_token
    return Account(sid, token) if sid and token else None


def account_sid() -> ScalarSelect[str]:
    """Of which account a message that is claimed now leaves: the one that account() chooses."""
    ours = {key: _platforms(channel) for key, channel in CHANNELS.items()}
    sids = {key: account.sid for key, account in ours.items() if account}
    twilios = [key for key, channel in CHANNELS.items() if channel.provider == "twilio"]
    own = (Tenant.twilio_account_sid != "") & (Tenant.twilio_auth_token_sealed != "")
    sid = case(
        (own & Message.channel.in_(twilios), Tenant.twilio_account_sid),
        *[(Message.channel == key, sid) for key, sid in sids.items()],
        else_="",
    )
    return select(sid).where(Tenant.id == Message.tenant_id).scalar_subquery()
