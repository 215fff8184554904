"""Circuit breaker: a sender whose account or number is at fault waits; its business is told why."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Integer, Text, delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from app import tasks
from app.channels.channel import Channel
from app.extensions import db
from app.lib.memo import memoized
from app.models import Message, SenderPause
from app.outbox.queue.value_rows import rows_of
from app.prepared import Prepared, Question
from app.providers.contract import SendError
from app.tenancy import current_tenant_id


class Paused(NamedTuple):
    channel: str
    reason: str
    code: int | None
    until: datetime


_PAUSES = Prepared(
    Paused,
    select(SenderPause.channel, SenderPause.reason, SenderPause.code, SenderPause.until).order_by(
        SenderPause.channel
    ),
)
# After so long the next message tries whether it was put right meanwhile.
PAUSE = timedelta(minutes=10)


def pause(channel: str, error: SendError, now: datetime) -> None:
    """Let nothing more leave on the channel for a while. Part of the caller's transaction."""
    told = {"reason": error.reason, "code": error.code, "until": now + PAUSE}
    row = insert(SenderPause).values(
        tenant_id=current_tenant_id(), channel=channel, since=now, **told
    )
    db.session.execute(
        row.on_conflict_do_update(index_elements=["tenant_id", "channel"], set_=told)
    )


def paused(
    now: datetime | ColumnElement[datetime],
    tenant_id: Any = Message.tenant_id,
    channel: Any = Message.channel,
) -> ColumnElement[bool]:
    """The condition that the tenant is paused on the channel, by default a message's."""
    return exists().where(
        SenderPause.tenant_id == tenant_id,
        SenderPause.channel == channel,
        SenderPause.until > now,
    )


def works(channel: Channel, at: datetime) -> bool:
    """Whether the tenant in scope is not paused on the channel at that time."""
    until = memoized("pauses", lambda: {each.channel: each.until for each in pauses()})
    return channel.key not in until or until[channel.key] <= at


def pauses() -> list[Paused]:
    """What the business must be told."""
    return asked_pauses().answer


def asked_pauses() -> Question[list[Paused]]:
    return _PAUSES.question(list)


def cleared(working: Collection[tuple[int, str]]) -> CTE:
    """These channels of these businesses work again: a part of another statement, for the tenants
    in scope."""
    rows = rows_of(sorted(working), tenant_id=Integer, channel=Text)
    again = SenderPause.tenant_id == rows.c.tenant_id, SenderPause.channel == rows.c.channel
    return delete(SenderPause).where(*again).cte("cleared")


def resume() -> None:
    """Somebody says that it was put right: try at once, committed."""
    db.session.execute(delete(SenderPause).execution_options(synchronize_session=False))
    db.session.commit()
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
