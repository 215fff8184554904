"""Claims deliveries under a lease (SKIP LOCKED), each endpoint's in their order, and each tenant in
turn: one that is dead or slow keeps nobody else waiting."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, select, true, update

from app.automation.webhooks import transitions
from app.automation.webhooks.endpoints import WITHDRAWN
from app.automation.webhooks.retry_schedule import MOST_ATTEMPTS
from app.extensions import db, vault
from app.lib.vault import VaultError
from app.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint
from app.tenancy import unscoped

WHY = "webhooks of all tenants wait in one line"
# Longer than a call and the looking up of its name.
LEASE = timedelta(seconds=60)
DIED = "Each worker that sent it ended before it had an answer."
# Of an endpoint under way at a time; of one that fails, a single one tries whether it is back.
EACH, EACH_FAILING = 4, 1


@dataclass(frozen=True)
class Claimed:
    """All that a call needs, so that no connection is held meanwhile."""

    id: int
    tenant_id: int
    endpoint_id: int
    claim: uuid.UUID | None
    attempts: int
    webhook_id: str
    payload: str = field(repr=False)
    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    """That sign it, the newest first; empty: they cannot be read."""


def due(now: datetime) -> bool:
    """Whether anything waits for an endpoint of any tenant."""
    waits = exists().where(
        WebhookDelivery.status == DeliveryStatus.WAITING, WebhookDelivery.next_at <= now
    )
    with unscoped(WHY):
        return bool(db.session.scalar(select(waits)))


def claim(now: datetime, most: int, busy: Collection[int] = ()) -> list[Claimed]:
    """Take up to so many that are due, committed; of tenants that are busy, none."""
    with unscoped(WHY):
        rows = db.session.execute(_due(now, most, busy)).all()
        ids = [row.id for row in rows]
        _serve({row.endpoint_id for row in rows}, now)
        whose = WebhookDelivery.tenant_id.in_({row.tenant_id for row in rows})
        these = [whose, WebhookDelivery.id.in_(ids)]
        moved = transitions.claim(these, now, now + LEASE)
        taken = db.session.scalars(moved.returning(WebhookDelivery)).all() if ids else []
        claimed = [_claimed(each, now) for each in sorted(taken, key=lambda one: ids.index(one.id))]
        db.session.commit()
    db.session.remove()
    return claimed


def free_what_was_left(now: datetime) -> None:
    """Whoever held these is dead: they may have come, and go again, but not for ever. And what
    waits for an endpoint that is off waits no more."""
    dead = [WebhookDelivery.lease_until < now, WebhookDelivery.attempts >= MOST_ATTEMPTS]
    off = select(WebhookEndpoint.id).where(WebhookEndpoint.disabled_at.is_not(None))
    late = transitions.withdraw([WebhookDelivery.endpoint_id.in_(off)], WITHDRAWN)
    with unscoped(WHY):
        db.session.execute(transitions.give_up(dead, DIED))
        db.session.execute(transitions.expire_lease(now))
        db.session.execute(late)
        db.session.commit()


def _due(now: datetime, most: int, busy: Collection[int]) -> Select[Any]:
    """Each tenant's first, of the endpoint whose turn was longest ago; then the second of each. The
    tenant that was served last comes last."""
    line = _line(now, busy)
    turn = func.row_number().over(
        partition_by=line.c.tenant_id,
        order_by=(line.c.place, line.c.served_at.nulls_first(), line.c.id),
    )
    served = func.max(line.c.served_at).over(partition_by=line.c.tenant_id)
    turns = (
        select(line, turn.label("turn"), served.label("tenant_served_at"))
        .where(line.c.place <= line.c.room)
        .subquery()
    )
    return (
        select(turns.c.tenant_id, turns.c.id, turns.c.endpoint_id)
        .join(WebhookEndpoint, WebhookEndpoint.id == turns.c.endpoint_id)
        .order_by(turns.c.turn, turns.c.tenant_served_at.nulls_first(), turns.c.id)
        .limit(most)
        # Whoever holds an endpoint holds its line.
        .with_for_update(of=WebhookEndpoint, skip_locked=True, key_share=True)
    )


def _line(now: datetime, busy: Collection[int]) -> Any:
    """What each endpoint may be sent, with its place, and how many it has room for."""
    mine = and_(
        WebhookDelivery.tenant_id == WebhookEndpoint.tenant_id,
        WebhookDelivery.endpoint_id == WebhookEndpoint.id,
    )
    under_way = (
        select(func.count(WebhookDelivery.id))
        .where(mine, WebhookDelivery.status == DeliveryStatus.SENDING)
        .scalar_subquery()
    )
    first = (
        select(WebhookDelivery.id, WebhookDelivery.next_at)
        .where(
            mine, WebhookDelivery.status == DeliveryStatus.WAITING, WebhookDelivery.next_at <= now
        )
        .order_by(WebhookDelivery.next_at, WebhookDelivery.id)
        .limit(EACH)
        .lateral("first")
    )
    place = func.row_number().over(
        partition_by=WebhookEndpoint.id, order_by=(first.c.next_at, first.c.id)
    )
    each = case((WebhookEndpoint.failing_since.is_(None), EACH), else_=EACH_FAILING)
    free = WebhookEndpoint.quiet_until.is_(None) | (WebhookEndpoint.quiet_until <= now)
    return (
        select(WebhookEndpoint.tenant_id, WebhookEndpoint.id.label("endpoint_id"))
        .add_columns(WebhookEndpoint.served_at, first.c.id, place.label("place"))
        .add_columns((each - under_way).label("room"))
        .join(first, true())
        .where(WebhookEndpoint.disabled_at.is_(None), free)
        .where(WebhookEndpoint.tenant_id.not_in(busy))
        .subquery()
    )


def _serve(endpoints: Collection[int], now: datetime) -> None:
    served = update(WebhookEndpoint).where(WebhookEndpoint.id.in_(endpoints)).values(served_at=now)
    db.session.execute(served.execution_options(synchronize_session=False))


def _claimed(delivery: WebhookDelivery, now: datetime) -> Claimed:
    endpoint = db.session.get_one(WebhookEndpoint, delivery.endpoint_id)
    return Claimed(
        id=delivery.id,
        tenant_id=delivery.tenant_id,
        endpoint_id=delivery.endpoint_id,
        claim=delivery.claim,
        attempts=delivery.attempts,
        webhook_id=delivery.webhook_id,
        payload=delivery.payload,
        url=endpoint.url,
        secrets=_secrets(endpoint, now),
    )


def _secrets(endpoint: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
    sealed = [endpoint.secret_sealed]
    if endpoint.old_secret_sealed and endpoint.old_secret_until and endpoint.old_secret_until > now:
        sealed.append(endpoint.old_secret_sealed)
    try:
        return tuple(map(vault().open, sealed))
    except VaultError:
        return ()
