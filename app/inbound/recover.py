"""Reconciliation: finds customers' messages whose webhook never reached us.

Twilio tries a failed webhook once more at best and then forgets it; the message stays in the
account's list. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from collections.abc import Iterator
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.inbound import recovery_lease
from app.inbound.erased_messages import erased
from app.inbound.receive import receive
from app.inbound.routing import Route
from app.inbound.unstorable import count, unstorable
from app.lib import shutdown
from app.lib.fault import place
from app.lib.vault import VaultError
from app.models import Message, Tenant
from app.outbox.delivery.job import callers
from app.outbox.sender import account
from app.outbox.senders import SENDERS
from app.outbox.senders.twilio_senders import own_account
from app.providers import provider
from app.providers.contract import Account, Listed, Provider, SendError
from app.tenancy import tenant_scope

# How far back one look reaches: past any outage that nobody noticed over a weekend.
REACH = timedelta(days=3)
# A webhook that is still on its way, or being tried again, is not missing yet.
GRACE = timedelta(minutes=2)
# So many numbers are listed side by side.
AT_ONCE = 8
# After so long other slow work goes on; well within recovery_lease.LEASE.
PATIENCE_SECONDS = 300.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Look:
    """A look at the carrier's list of one number."""

    route: Route
    channel: Channel
    number: str
    carrier: Provider
    account: Account

    def list(self, now: datetime) -> list[Listed]:
        """What came in and should be here by now. Raises SendError."""
        if shutdown.requested():
            return []
        since = now - REACH
        listed = self.carrier.received_since(self.account, self.channel, self.number, since)
        return [message for message in listed if message.at <= now - GRACE]


def recover(now: datetime) -> int:
    """Store what the carriers have and we do not; how many messages were missing."""
    looks = [
        look
        for look in _looks()
        if recovery_lease.take(look.route.tenant_id, look.channel.key, now)
    ]
    # Nothing of the database is held while the carrier takes its time.
    db.session.remove()
    with callers(AT_ONCE, "recover") as pool:
        return _store_all({pool.submit(look.list, now): look for look in looks}, now)


def _store_all(listings: "dict[Future[list[Listed]], Look]", now: datetime) -> int:
    found = 0
    try:
        for done in as_completed(listings, PATIENCE_SECONDS):
            found += _store(listings[done], done, now)
    except TimeoutError:
        log.warning("listing_takes_too_long", numbers=sum(not each.done() for each in listings))
    return found


def _looks() -> list[Look]:
    made = (_look(*each) for each in _numbers())
    return [look for look in made if look]


def _look(tenant: Tenant, channel: Channel, number: str) -> Look | None:
    carrier, ours = provider(channel.provider), _account(tenant, channel)
    if carrier is None or ours is None:
        return None
    own = own_account(tenant) == ours.sid
    route = Route(tenant.id, tenant.slug, tenant.country, tenant.timezone, None, ours.sid, own)
    return Look(route, channel, number, carrier, ours)


def _numbers() -> Iterator[tuple[Tenant, Channel, str]]:
    """Each business's own numbers; of one that it was not granted, nobody can say whose a message
    is."""
    for tenant in db.session.scalars(select(Tenant).order_by(Tenant.id)).all():
        for senders in SENDERS.values():
            for key, number in senders.listed(tenant):
                yield tenant, CHANNELS[key], number


def _store(look: Look, listing: "Future[list[Listed]]", now: datetime) -> int:
    tenant_id, channel = look.route.tenant_id, look.channel
    stored = 0
    try:
        missing = _missing(look.route, listing.result())
        stored = sum(_stored(look.route, channel, message, now) for message in missing)
    except SendError as error:
        log.warning("not_listed", tenant=tenant_id, channel=channel.key, code=error.code)
    except Exception as error:
        # One business's trouble is not the next one's.
        db.session.rollback()
        log.error("recovery_broke", tenant=tenant_id, channel=channel.key, fault=place(error))
    if stored:
        log.warning("recovered", tenant=tenant_id, messages=stored)
    recovery_lease.end(tenant_id, channel.key, now)
    return stored


def _stored(route: Route, channel: Channel, message: Listed, now: datetime) -> bool:
    """Each stands alone: whatever breaks over one, the others are stored."""
    try:
        receive(route, channel, message.read(), message.at, recovered=True)
    except Exception as error:
        reason = error.for_the_operator if isinstance(error, SendError) else place(error)
        log.error("not_recovered", tenant=route.tenant_id, sid=message.sid, fault=reason)
        with tenant_scope(route.tenant_id):
            count(message.sid, reason, now)
        return False
    return True


def _account(tenant: Tenant, channel: Channel) -> Account | None:
    try:
        return account(tenant, channel)
    except VaultError:
        return None


def _missing(route: Route, listed: list[Listed]) -> list[Listed]:
    with tenant_scope(route.tenant_id):
        sids = [message.sid for message in listed]
        query = select(Message.provider_sid).where(Message.provider_sid.in_(sids))
        known = set(db.session.scalars(query)) | unstorable(sids) | erased(sids)
        db.session.rollback()
    return [message for message in listed if message.sid not in known]
