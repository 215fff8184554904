"""How the messages of some businesses go, for the operator's list: each figure is one look at an
index for each of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, literal, select

from app.extensions import db
from app.health.finding import State
from app.lib.message_status import MessageStatus
from app.models import Direction, HealthResult, Message, MessageCount, SenderPause, Tenant
from app.models.message_count import ALL_DAYS
from app.tenancy import unscoped

# Beyond it a number says no more than "very many".
MOST_COUNTED = 100


@dataclass(frozen=True)
class BusinessHealth:
    state: State | None
    """The worst that its checks found last; None: nobody has looked yet."""
    heard: date | None
    """The last of its days on which a customer wrote; None: never."""
    failed: int
    """Messages that did not arrive and that its people have yet to deal with, to MOST_COUNTED."""
    waiting: int
    """Messages that are due and have not left, likewise."""
    automatic_paused: bool
    paused: tuple[str, ...]
    """Channels on which nothing leaves for now: the account or the number is at fault."""


def of(tenant_ids: Collection[int], now: datetime) -> dict[int, BusinessHealth]:
    """By business; two statements, whatever their number."""
    with unscoped("the operator sees how the messages of all businesses go"):
        paused = _paused(tenant_ids, now)
        found = db.session.execute(_figures(now).where(Tenant.id.in_(tenant_ids)))
        return {
            row.id: BusinessHealth(
                State(row.state) if row.state else None,
                row.heard,
                row.failed,
                row.waiting,
                row.paused_at is not None,
                paused.get(row.id, ()),
            )
            for row in found
        }


def _figures(now: datetime) -> Any:
    due = Message.status == MessageStatus.QUEUED, Message.send_after <= now
    return select(
        Tenant.id,
        Tenant.paused_at,
        _worst().label("state"),
        _heard().label("heard"),
        _counted(Message.not_arrived()).label("failed"),
        _counted(*due).label("waiting"),
    )


def _worst() -> ScalarSelect[str]:
    """In the alphabet broken comes before ok, and ok before warning."""
    rank = func.array_position(literal([*map(str, State)]), HealthResult.state)
    query = select(HealthResult.state).where(HealthResult.tenant_id == Tenant.id)
    return query.order_by(rank).limit(1).correlate(Tenant).scalar_subquery()


def _heard() -> ScalarSelect[date]:
    days = select(MessageCount.day).where(
        MessageCount.tenant_id == Tenant.id,
        MessageCount.day > ALL_DAYS,
        MessageCount.direction == Direction.INBOUND,
        MessageCount.messages > 0,
    )
    return days.order_by(MessageCount.day.desc()).limit(1).correlate(Tenant).scalar_subquery()


def _counted(*which: Any) -> ScalarSelect[int]:
    some = select(literal(1)).select_from(Message).where(Message.tenant_id == Tenant.id, *which)
    few = some.limit(MOST_COUNTED).correlate(Tenant).subquery()
    return select(func.count()).select_from(few).correlate(Tenant).scalar_subquery()


def _paused(tenant_ids: Collection[int], now: datetime) -> dict[int, tuple[str, ...]]:
    query = (
        select(SenderPause.tenant_id, func.array_agg(SenderPause.channel))
        .where(SenderPause.tenant_id.in_(tenant_ids), SenderPause.until > now)
        .group_by(SenderPause.tenant_id)
    )
    return {tenant_id: tuple(sorted(channels)) for tenant_id, channels in db.session.execute(query)}
