"""From where, and by which account, a tenant's messages leave, as its channel's carrier has it
(app/outbox/senders)."""

from sqlalchemy import ScalarSelect, case, select

from app.channels.channel import Channel
from app.models import Message, Tenant
from app.outbox.senders import SENDERS
from app.providers.contract import Account


def sender(tenant: Tenant, channel: Channel) -> str | None:
    """The address that the tenant in scope writes from on the channel; None where none is
    connected."""
    return SENDERS[channel.provider].sender(tenant, channel)


def missing(channel: Channel) -> str:
    """What to do where sender() is None."""
    return SENDERS[channel.provider].missing(channel)


def account(tenant: Tenant, channel: Channel) -> Account | None:
    """The account with the channel's carrier that the tenant's messages leave by; None: there is
    none.

    Raises VaultError when the tenant's token cannot be opened.
    """
    return SENDERS[channel.provider].account(tenant, channel)


def account_used(tenant: Tenant, channel: Channel, sid: str | None) -> Account | None:
    """The account that a message left or came by, or a call (its account_sid); None: its token is
    not known any more, or there was no account.

    Raises VaultError when the tenant's token cannot be opened.
    """
    return SENDERS[channel.provider].account_used(tenant, channel, sid)


def account_sid() -> ScalarSelect[str]:
    """Of which account a message that is claimed now leaves: the one that account() chooses."""
    cases = [each for senders in SENDERS.values() for each in senders.account_sids()]
    return select(case(*cases, else_="")).where(Tenant.id == Message.tenant_id).scalar_subquery()


def service_sid() -> ScalarSelect[str]:
    """By which of the carrier's services a message that is claimed now leaves; NULL: by its sender
    itself. The sender stays the number, which the service falls back to: what holds of a number
    (its pace, one of the same at a time, whose it is) holds as before."""
    cases = [each for senders in SENDERS.values() for each in senders.services()]
    return select(case(*cases)).where(Tenant.id == Message.tenant_id).scalar_subquery()
