"""The live chat of a business, which writes by its own slug."""

from collections.abc import Iterable

from sqlalchemy import func, select

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.lib.memo import memoized
from app.models import ChatSettings, Message, Tenant
from app.outbox.senders.carrier_senders import CarrierSenders, Case
from app.prepared import Prepared
from app.providers.contract import Account

KEYS = [channel.key for channel in CHANNELS.values() if channel.provider == "webchat"]
# There is one, of ours, and nothing to sign in to.
OURS = Account("webchat", "")
_ON = Prepared(
    bool,
    select(ChatSettings.enabled).where(
        ChatSettings.enabled, func.cardinality(ChatSettings.sites) > 0
    ),
)


class WebchatSenders(CarrierSenders):
    provider = "webchat"

    def sender(self, tenant: Tenant, channel: Channel) -> str | None:
        is_on = memoized("live chat", lambda: bool(_ON.all()))
        return tenant.slug if is_on else None

    def missing(self, channel: Channel) -> str:
        return "The live chat is switched off. An admin can switch it on under Setup, Live chat."

    def account(self, tenant: Tenant, channel: Channel) -> Account | None:
        return OURS

    def account_sids(self) -> Iterable[Case]:
        yield Message.channel.in_(KEYS), OURS.sid


SENDERS = WebchatSenders()
