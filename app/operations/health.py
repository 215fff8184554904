"""How the work goes, for the operator: each figure is one look at an index, or at Redis."""

from dataclasses import dataclass
from datetime import datetime

from redis import RedisError
from sqlalchemy import func, select

from app import heartbeat
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Message, SenderPause
from app.operations import dead_letter_list
from app.outbox import offers
from app.outbox.queue.automatic_pause import held
from app.outbox.queue.daily_limit import exhausted
from app.outbox.queue.paused_senders import paused
from app.tenancy import unscoped


@dataclass(frozen=True)
class Health:
    oldest_due: datetime | None
    """Since when the oldest message that could be sent has been due."""
    last_sweep: datetime | None
    late: list[str]
    """Jobs of the timetable that are overdue."""
    redis_away: bool
    paused_senders: int
    dead_letters: int


def health(now: datetime) -> Health:
    last_sweep, late, away = _timetable(now)
    with unscoped("the operator sees how the work of all businesses goes"):
        return Health(
            oldest_due(now), last_sweep, late, away, _paused_senders(now), dead_letter_list.count()
        )


def _timetable(now: datetime) -> tuple[datetime | None, list[str], bool]:
    try:
        return heartbeat.last(), heartbeat.late(now), False
    except RedisError:
        return None, [], True


def oldest_due(now: datetime) -> datetime | None:
    """Since when the oldest message that could be sent has been due: the tenant's in scope, or of
    all within `unscoped`."""
    # In the order of ix_message_to_send: it ends at the first.
    return db.session.scalar(
        select(Message.send_after)
        .where(Message.status == MessageStatus.QUEUED, Message.send_after <= now)
        .where(~paused(now), ~exhausted(now), ~held(), ~offers.held())
        .order_by(Message.send_after)
        .limit(1)
    )


def _paused_senders(now: datetime) -> int:
    waiting = select(func.count()).select_from(SenderPause).where(SenderPause.until > now)
    return db.session.scalar(waiting) or 0
