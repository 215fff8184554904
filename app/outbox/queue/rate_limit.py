"""The rate limit of each number: segments a second, as carriers count."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Integer,
    Select,
    Text,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.lib.text import segments
from app.models import Message, SenderRateLimit, Tenant
from app.outbox.queue.value_rows import rows_of
from app.outbox.senders import SENDERS
from app.tenancy import unscoped

SECOND = timedelta(seconds=1)
# Every number in use is looked at by each claim.
REMEMBERED = timedelta(days=1)


def weight(channel: Channel, body: str) -> int:
    """How many segments the carrier counts for the message."""
    return max(segments.count(body).count, 1) if channel.billed_by_segment else 1


def introduce(tenant: Tenant, channel_key: str, sender: str, now: datetime) -> None:
    """Let the number's messages be found, at the rate that the tenant gives its own number.

    Part of the caller's transaction.
    """
    segments_a_second = _given(tenant, channel_key, sender) or _usual(channel_key, sender)
    # A look first: a write would wait for whoever is claiming.
    if db.session.scalar(_known(channel_key, sender)) == segments_a_second:
        return
    row = insert(SenderRateLimit).values(
        channel=channel_key, sender=sender, segments_a_second=segments_a_second, free_at=now
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["channel", "sender"], set_={"segments_a_second": segments_a_second}
        )
    )


def _given(tenant: Tenant, channel_key: str, sender: str) -> float | None:
    if channel_key not in CHANNELS:
        return None
    return SENDERS[CHANNELS[channel_key].provider].pace(tenant, channel_key, sender)


def _usual(channel_key: str, sender: str) -> float:
    # What waits for a channel that was removed comes up all the same, and is a dead letter.
    return CHANNELS[channel_key].segments_a_second(sender) if channel_key in CHANNELS else 1.0


def _known(channel_key: str, sender: str) -> Select[float]:
    return select(SenderRateLimit.segments_a_second).where(
        SenderRateLimit.channel == channel_key, SenderRateLimit.sender == sender
    )


def adopt(now: datetime) -> None:
    """Find the numbers of waiting messages that nobody introduced, and forget those that have sent
    nothing for long, committed."""
    unknown = (
        select(Message.tenant_id, Message.channel, Message.sender)
        .where(Message.status == MessageStatus.QUEUED)
        .where(
            ~exists().where(
                SenderRateLimit.channel == Message.channel, SenderRateLimit.sender == Message.sender
            )
        )
        .distinct()
    )
    with unscoped("the outbox is one for all tenants"):
        for tenant_id, channel, sender in db.session.execute(unknown).all():
            introduce(db.session.get_one(Tenant, tenant_id), channel, sender, now)
        db.session.execute(
            delete(SenderRateLimit)
            .where(SenderRateLimit.free_at < now - REMEMBERED, ~_waits())
            .execution_options(synchronize_session=False)
        )
        db.session.commit()


def _waits() -> ColumnElement[bool]:
    return exists().where(
        Message.channel == SenderRateLimit.channel,
        Message.sender == SenderRateLimit.sender,
        Message.status == MessageStatus.QUEUED,
    )


def charged(taken: Iterable[tuple[str, str, int, int]], now: datetime) -> CTE:
    """(channel, sender, segments, tenant_id) of what leaves, in its order: the number is busy for
    so long, and then the next tenant has its turn. A part of another statement."""
    used: dict[tuple[str, str], tuple[int, int]] = {}
    for channel, sender, count, tenant_id in taken:
        before, _ = used.get((channel, sender), (0, 0))
        used[channel, sender] = (before + count, tenant_id)
    rows = [(*number, *told) for number, told in sorted(used.items())]
    cost = rows_of(rows, channel=Text, sender=Text, segments=Integer, tenant_id=Integer)
    seconds = cost.c.segments.cast(Float) / SenderRateLimit.segments_a_second
    return (
        update(SenderRateLimit)
        .where(SenderRateLimit.channel == cost.c.channel, SenderRateLimit.sender == cost.c.sender)
        .values(
            free_at=func.greatest(SenderRateLimit.free_at, now) + seconds * literal(SECOND),
            last_served=cost.c.tenant_id,
        )
        .cte("charged")
    )
