"""Finds customers' messages whose webhook never reached us.

Twilio tries a failed webhook once more at best and then forgets it; the message stays in the
account's list. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from app.channels import CHANNELS
from app.channels.base import Channel
from app.extensions import db
from app.inbound.receive import receive
from app.inbound.routing import Route
from app.lib.vault import VaultError
from app.models import Message, Tenant
from app.outbox.sender import account, sender
from app.providers import provider
from app.providers.base import Account, Received, SendError
from app.tenancy import tenant_scope

# How far back one look reaches: past any outage that nobody noticed over a weekend.
REACH = timedelta(days=3)
# A webhook that is still on its way, or being tried again, is not missing yet.
GRACE = timedelta(minutes=2)

log = structlog.get_logger()


def recover(now: datetime) -> int:
    """Store what the carriers have and we do not; how many messages were missing."""
    found = 0
    for tenant, channel, number in _numbers():
        try:
            found += _recover(tenant, channel, number, now)
        except SendError as error:
            log.warning("not_listed", tenant=tenant.id, channel=channel.key, code=error.code)
    return found


def _numbers() -> Iterator[tuple[Tenant, Channel, str]]:
    """Each business's numbers; of one that several share, nobody can say whose a message is."""
    tenants = list(db.session.scalars(select(Tenant).order_by(Tenant.id)))
    for channel in CHANNELS.values():
        numbers = [sender(tenant, channel) for tenant in tenants]
        for tenant, number in zip(tenants, numbers, strict=True):
            if number and numbers.count(number) == 1:
                yield tenant, channel, number


def _recover(tenant: Tenant, channel: Channel, number: str, now: datetime) -> int:
    carrier, ours = provider(channel.provider), _account(tenant)
    if carrier is None or ours is None:
        return 0
    route = Route(tenant.id, tenant.slug, tenant.country, tenant.timezone, None)
    # Nothing of the database is held while the carrier takes its time.
    db.session.rollback()
    listed = carrier.received_since(ours, channel, number, now - REACH)
    due = [(at, message) for at, message in listed if at <= now - GRACE]
    missing = _missing(route, due)
    for at, message in missing:
        receive(route, channel, message, at, recovered=True)
    if missing:
        log.warning("recovered", tenant=route.tenant_id, messages=len(missing))
    return len(missing)


def _account(tenant: Tenant) -> Account | None:
    try:
        return account(tenant)
    except VaultError:
        return None


def _missing(
    route: Route, listed: list[tuple[datetime, Received]]
) -> list[tuple[datetime, Received]]:
    with tenant_scope(route.tenant_id):
        sids = [message.sid for _, message in listed]
        query = select(Message.provider_sid).where(Message.provider_sid.in_(sids))
        known = set(db.session.scalars(query))
        db.session.rollback()
    return [(at, message) for at, message in listed if message.sid not in known]
