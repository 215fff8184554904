"""What is asked of a carrier's senders."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement

from app.channels.channel import Channel
from app.models import Tenant
from app.providers.contract import Account

# A condition on Message, and what holds where it is met.
Case = tuple[ColumnElement[bool], Any]


class CarrierSenders:
    """Whom a carrier's channels write from; a file in this folder has one as SENDERS."""

    provider: str
    """The key of the carrier."""

    def sender(self, tenant: Tenant, channel: Channel) -> str | None:
        """The address that the tenant in scope writes from; None where none is connected."""
        raise NotImplementedError

    def missing(self, channel: Channel) -> str:
        """What to do where there is none."""
        raise NotImplementedError

    def account(self, tenant: Tenant, channel: Channel) -> Account | None:
        """By which account it leaves; None: there is none. Raises VaultError where its token cannot
        be opened."""
        raise NotImplementedError

    def account_used(self, tenant: Tenant, channel: Channel, sid: str | None) -> Account | None:
        """The account of that SID, by which a message left or came; None: its token is not known
        any more. Raises VaultError likewise."""
        used = self.account(tenant, channel)
        return used if used and used.sid == sid else None

    def account_sids(self) -> Iterable[Case]:
        """The SID of the account that account() chooses, for a message that is claimed; of a Tenant
        and a Message."""
        raise NotImplementedError

    def services(self) -> Iterable[Case]:
        """The carrier's service that sends a message that is claimed, likewise; nothing where its
        sender always does."""
        return ()

    def own_senders(self) -> Iterable[Case]:
        """The condition that a message leaves from an address of its business, likewise; nothing
        where all are ours."""
        return ()

    def pace(self, tenant: Tenant, channel_key: str, sender: str) -> float | None:
        """Segments a second, where the tenant gives them for that address; None: as usual."""
        return None

    def listed(self, tenant: Tenant) -> Iterable[tuple[str, str]]:
        """Of which of its own addresses, (channel, address), the carrier lists what came in."""
        return ()
