"""The Facebook page and the Instagram account that a business has connected."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Text, exists, select

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import vault
from app.lib.memo import memoized
from app.models import ChannelAccount, Message, Tenant
from app.outbox.senders.carrier_senders import CarrierSenders, Case
from app.prepared import Prepared, Question, given
from app.providers.contract import Account
from app.tenancy import tenant_scope

KEYS = [channel.key for channel in CHANNELS.values() if channel.provider == "meta"]
MEMO = "channel accounts"


class Connected(NamedTuple):
    """As the columns of ChannelAccount."""

    channel: str
    address: str
    human_agent: bool


Accounts = dict[str, Connected]
_CONNECTED = Prepared(
    Connected, select(ChannelAccount.channel, ChannelAccount.address, ChannelAccount.human_agent)
)
_TOKEN = Prepared(
    lambda node, sealed: (node, sealed),
    select(ChannelAccount.node, ChannelAccount.token_sealed).where(
        ChannelAccount.channel == given("channel", Text),
        ChannelAccount.address == given("address", Text),
    ),
)


def connected() -> Accounts:
    """The accounts of the tenant in scope, by channel."""
    return memoized(MEMO, lambda: asked_connected().answer)


def asked_connected() -> Question[Accounts]:
    return _CONNECTED.question(lambda found: {each.channel: each for each in found})


class MetaSenders(CarrierSenders):
    provider = "meta"

    def sender(self, tenant: Tenant, channel: Channel) -> str | None:
        account = connected().get(channel.key)
        return account.address if account else None

    def missing(self, channel: Channel) -> str:
        return f"{channel.label} is not connected. An admin can connect it under Setup."

    def account(self, tenant: Tenant, channel: Channel) -> Account | None:
        return self.account_used(tenant, channel, self.sender(tenant, channel))

    def account_used(self, tenant: Tenant, channel: Channel, sid: str | None) -> Account | None:
        with tenant_scope(tenant.id):
            found = _TOKEN.one_or_none(channel=channel.key, address=sid)
        return Account(sid or "", vault().open(found[1]), found[0]) if found else None

    def account_sids(self) -> Iterable[Case]:
        """Of a page's and an Instagram account's token nobody else can send."""
        if KEYS:
            yield Message.channel.in_(KEYS), Message.sender

    def own_senders(self) -> Iterable[Case]:
        if KEYS:
            yield Message.channel.in_(KEYS), its_account()


SENDERS = MetaSenders()


def its_account(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that a message leaves from an account of its business's, with what else is
    asked of that."""
    same = (
        ChannelAccount.tenant_id == Message.tenant_id,
        ChannelAccount.channel == Message.channel,
        ChannelAccount.address == Message.sender,
    )
    return exists().where(*same, *which).correlate(Message)
