"""From where, and by which account, a tenant's messages leave: its own, else the platform's."""

from sqlalchemy import ColumnElement, ScalarSelect, case, false, func, select

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import settings, vault
from app.models import Message, Tenant
from app.models.sender_number import OURS
from app.providers.contract import Account


def sender(tenant: Tenant, channel: Channel) -> str | None:
    """The address that the tenant writes from on the channel; None where none is connected."""
    if channel.address_form == "email":
        # Emails come from our address, and are answered to the business's own.
        return settings().email_from if tenant.reply_to else None
    own = {"sms": tenant.sms_from, "whatsapp": tenant.whatsapp_from}
    # Our number is on our account: by another nobody can send from it.
    shared = platforms() if own_account(tenant) == OURS else {}
    return own.get(channel.key) or shared.get(channel.key)


def missing(channel: Channel) -> str:
    """What to do where sender() is None."""
    if channel.address_form == "email":
        return (
            "Nobody has said where answers to your emails go, or it is not confirmed yet. An admin"
            " can, under Business."
        )
    return f"No {channel.label} number is connected. An admin can enter one in the settings."


def platforms() -> dict[str, str]:
    """The numbers of those who have none of their own, by channel."""
    numbers = {
        "sms": settings().twilio_from_number,
        "whatsapp": settings().twilio_whatsapp_from,
    }
    return {key: number.removeprefix("whatsapp:") for key, number in numbers.items() if number}


def own_account(tenant: Tenant) -> str:
    """The SID of the tenant's own Twilio account; OURS where it has none, or no token for it, or
    names the platform's: with a token of its own nobody speaks for that."""
    sid = (tenant.twilio_auth_token_sealed and tenant.twilio_account_sid) or OURS
    return OURS if sid == settings().twilio_account_sid else sid


def has_own_account() -> ColumnElement[bool]:
    """The same as a condition."""
    # NULL where there is none, which is no.
    ours = settings().twilio_account_sid or ""
    own = Tenant.twilio_account_sid.not_in(["", ours]) & (Tenant.twilio_auth_token_sealed != "")
    return func.coalesce(own, false())


def account(tenant: Tenant, channel: Channel) -> Account | None:
    """The tenant's own account with the channel's carrier where it has one, else the platform's;
    None: neither.

    Raises VaultError when the tenant's token cannot be opened.
    """
    return _own(tenant, channel) or _platforms(channel)


def account_used(tenant: Tenant, channel: Channel, sid: str | None) -> Account | None:
    """The account that a message left or came by, or a call (its account_sid); None: its token is
    not known any more, or there was no account.

    Raises VaultError when the tenant's token cannot be opened.
    """
    if sid == tenant.twilio_account_sid and (own := _own(tenant, channel)):
        return own
    ours = _platforms(channel)
    return ours if ours and ours.sid == sid else None


def _own(tenant: Tenant, channel: Channel) -> Account | None:
    """Emails are carried by ours alone."""
    sid, sealed = own_account(tenant), tenant.twilio_auth_token_sealed
    twilios = channel.provider == "twilio"
    return Account(sid, vault().open(sealed)) if twilios and sid and sealed else None


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
    sid = case(
        (has_own_account() & Message.channel.in_(twilios), Tenant.twilio_account_sid),
        *[(Message.channel == key, sid) for key, sid in sids.items()],
        else_="",
    )
    return select(sid).where(Tenant.id == Message.tenant_id).scalar_subquery()
