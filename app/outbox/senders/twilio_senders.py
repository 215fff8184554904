"""Numbers at Twilio: the tenant's own, else the platform's."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, func, or_

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import settings, vault
from app.models import Message, Tenant
from app.models.sender_number import OURS
from app.outbox.senders.carrier_senders import CarrierSenders, Case
from app.providers.contract import Account

# By channel, the columns of a tenant with its own number, and how fast that is.
OWN = {
    "sms": (Tenant.sms_from, Tenant.sms_pace),
    "whatsapp": (Tenant.whatsapp_from, Tenant.whatsapp_pace),
}
TWILIOS = [channel.key for channel in CHANNELS.values() if channel.provider == "twilio"]


class TwilioSenders(CarrierSenders):
    provider = "twilio"

    def sender(self, tenant: Tenant, channel: Channel) -> str | None:
        # Our number is on our account: by another nobody can send from it.
        shared = platforms() if own_account(tenant) == OURS else {}
        return own_numbers(tenant).get(channel.key) or shared.get(channel.key)

    def missing(self, channel: Channel) -> str:
        return f"No {channel.label} number is connected. An admin can enter one in the settings."

    def account(self, tenant: Tenant, channel: Channel) -> Account | None:
        """The tenant's own, else the platform's."""
        return _own(tenant) or _platforms()

    def account_used(self, tenant: Tenant, channel: Channel, sid: str | None) -> Account | None:
        if sid == tenant.twilio_account_sid and (own := _own(tenant)):
            return own
        ours = _platforms()
        return ours if ours and ours.sid == sid else None

    def account_sids(self) -> Iterable[Case]:
        yield has_own_account() & Message.channel.in_(TWILIOS), Tenant.twilio_account_sid
        if ours := _platforms():
            yield Message.channel.in_(TWILIOS), ours.sid

    def services(self) -> Iterable[Case]:
        """A Messaging Service, which tries RCS first, for texts from the tenant's own number."""
        texts = Message.channel == "sms", Message.sender == Tenant.sms_from
        yield and_(*texts), Tenant.messaging_service_sid

    def own_senders(self) -> Iterable[Case]:
        shared = platforms()
        for key, (number, _) in OWN.items():
            ours = and_(~has_own_account(), Message.sender == shared.get(key))
            yield Message.channel == key, or_(Message.sender == number, ours)

    def pace(self, tenant: Tenant, channel_key: str, sender: str) -> float | None:
        given: float | None = getattr(tenant, OWN[channel_key][1].key)
        return given if own_numbers(tenant)[channel_key] == sender else None

    def listed(self, tenant: Tenant) -> Iterable[tuple[str, str]]:
        own = {**own_numbers(tenant), "rcs": tenant.rcs_sender}
        return ((key, number) for key, number in own.items() if number)


SENDERS = TwilioSenders()


def own_numbers(tenant: Tenant) -> dict[str, str | None]:
    """The tenant's own, by channel."""
    return {key: getattr(tenant, number.key) for key, (number, _) in OWN.items()}


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


def _own(tenant: Tenant) -> Account | None:
    sid, sealed = own_account(tenant), tenant.twilio_auth_token_sealed
    return Account(sid, vault().open(sealed)) if sid and sealed else None


def _platforms() -> Account | None:
    sid, token = settings().twilio_account_sid, settings().twilio_auth_token
    return Account(sid, token) if sid and token else None
