"""Emails come from our address, and are answered to the business's own."""

from collections.abc import Iterable

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import settings
from app.models import Message, Tenant
from app.outbox.senders.carrier_senders import CarrierSenders, Case
from app.providers.contract import Account

KEYS = [channel.key for channel in CHANNELS.values() if channel.provider == "smtp"]


class MailSenders(CarrierSenders):
    provider = "smtp"

    def sender(self, tenant: Tenant, channel: Channel) -> str | None:
        return settings().email_from if tenant.reply_to else None

    def missing(self, channel: Channel) -> str:
        return (
            "Nobody has said where answers to your emails go, or it is not confirmed yet. An admin"
            " can, under Business."
        )

    def account(self, tenant: Tenant, channel: Channel) -> Account | None:
        server = settings().mail_server
        return Account(server.user, server.password) if server else None

    def account_sids(self) -> Iterable[Case]:
        if server := settings().mail_server:
            yield Message.channel.in_(KEYS), server.user


SENDERS = MailSenders()
