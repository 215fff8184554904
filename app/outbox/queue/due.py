"""Fair queueing: which messages may leave now, and whose turn it is."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased

from app.lib.message_status import MessageStatus
from app.models import Message, SenderRateLimit, Tenant
from app.outbox.queue.automatic_pause import held
from app.outbox.queue.daily_limit import TERMS, exhausted
from app.outbox.queue.expiry import in_time
from app.outbox.queue.foreign_sender import from_its_own
from app.outbox.queue.opt_out import stopped
from app.outbox.queue.paused_senders import paused
from app.outbox.queue.session_window import closed

IN_FLIGHT = (MessageStatus.SENDING, MessageStatus.CHECKING)
AUTOMATIC = Message.author_id.is_(None)


# Added to a time, so that no index of times serves: where the planner knows of nothing that waits,
# as nothing mostly does, it would fetch all that are due, and not begin with the first.
NOTHING = timedelta()
# So many of one tenant at one number, and of one tenant altogether, are taken at a time.
EACH = 8


def due(now: datetime, most: int, busy: Collection[int] = ()) -> Select[Any]:
    """(id, tenant_id, channel, sender, segments, and what `spend` asks about) of up to so many
    messages that may leave, in their order: what staff wrote before what was sent by itself, then
    each number in turn, and of those who share a number each tenant in turn. Tenants that are busy
    are left out.

    The cost grows with the tenants that wait at numbers that are free, not with their messages.
    """
    line = _line(_round_robin(now, busy))
    return (
        select(line.c.id, line.c.tenant_id, line.c.channel, line.c.sender, line.c.segments)
        .add_columns(line.c.recipient, line.c.automatic, *TERMS)
        .join(Tenant, Tenant.id == line.c.tenant_id)
        .join(
            SenderRateLimit,
            (SenderRateLimit.channel == line.c.channel) & (SenderRateLimit.sender == line.c.sender),
        )
        # Asked again, as somebody else may have sent by it at this very moment.
        .where(SenderRateLimit.free_at <= now, line.c.ahead < SenderRateLimit.segments_a_second)
        .order_by(line.c.automatic, line.c.place, line.c.send_after, line.c.id)
        .limit(most)
    )


def _line(turns: Subquery) -> Subquery:
    """What each number may begin within a second, with the segments that are before each."""
    one = turns.c
    # After whoever was served last comes the next, and after the last the first.
    order = (one.automatic, one.turn, one.tenant_id <= one.last_served, one.tenant_id)
    window: Any = {"partition_by": (one.channel, one.sender), "order_by": order}
    ahead = func.sum(one.segments).over(**window) - one.segments
    place = func.row_number().over(**window)
    return select(turns, ahead.label("ahead"), place.label("place")).subquery()


def _round_robin(now: datetime, busy: Collection[int]) -> Subquery:
    """Each tenant's first at each number, with its place among them: its turn."""
    waiting = _waiting(now)
    first = _first(waiting, now)
    turn = func.row_number().over(
        partition_by=(waiting.c.channel, waiting.c.sender, waiting.c.tenant_id, first.c.automatic),
        order_by=(first.c.send_after, first.c.id),
    )
    return (
        select(waiting, first, turn.label("turn"))
        .join(first, true())
        .where(waiting.c.tenant_id.not_in(busy))
        .where(~paused(now, waiting.c.tenant_id, waiting.c.channel))
        .where(~exhausted(now, waiting.c.tenant_id, waiting.c.channel, first.c.automatic))
        .subquery()
    )


def _waiting(now: datetime) -> CTE:
    """Whose messages wait at each number that is free, from one tenant of the index to the next."""
    numbers = (SenderRateLimit.channel, SenderRateLimit.sender, SenderRateLimit.last_served)
    lowest = _lowest_tenant(SenderRateLimit.channel, SenderRateLimit.sender)
    found = select(*numbers, lowest.label("tenant_id")).where(SenderRateLimit.free_at <= now)
    one = found.cte("waiting", recursive=True)
    number = (one.c.channel, one.c.sender)
    following = _lowest_tenant(*number, Message.tenant_id > one.c.tenant_id)
    more = select(*number, one.c.last_served, following).where(one.c.tenant_id.is_not(None))
    return one.union_all(more)


def _lowest_tenant(channel: Any, sender: Any, *beyond: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.min(Message.tenant_id))
        .where(Message.status == MessageStatus.QUEUED)
        .where(Message.channel == channel, Message.sender == sender, *beyond)
        .scalar_subquery()
    )


def _first(waiting: CTE, now: datetime) -> Any:
    return (
        select(Message.id, Message.segments, Message.send_after, AUTOMATIC.label("automatic"))
        .add_columns(Message.recipient)
        .where(Message.channel == waiting.c.channel, Message.sender == waiting.c.sender)
        .where(Message.tenant_id == waiting.c.tenant_id)
        .where(Message.status == MessageStatus.QUEUED, Message.send_after + NOTHING <= now)
        .where(in_time(now), ~held(), ~stopped(), ~closed(now), from_its_own())
        .where(~_duplicate_in_flight(), ~_older_duplicate(now))
        .order_by(AUTOMATIC, Message.send_after, Message.id)
        .limit(EACH)
        .lateral("first")
    )


@cache
def _duplicate_in_flight() -> ColumnElement[bool]:
    duplicate = aliased(Message)
    return _duplicates(duplicate).where(duplicate.status.in_(IN_FLIGHT)).exists()


def _older_duplicate(now: datetime) -> ColumnElement[bool]:
    # In the order above: of equal words, what staff wrote goes first.
    duplicate = aliased(Message)
    place = tuple_(duplicate.author_id.is_(None), duplicate.id) < tuple_(AUTOMATIC, Message.id)
    waits = (duplicate.status == MessageStatus.QUEUED, duplicate.send_after <= now, place)
    return _duplicates(duplicate).where(*waits).exists()


def _duplicates(duplicate: Any) -> Select[int]:
    """Messages that are the same to a carrier: one sender, recipient and body."""
    return select(duplicate.id).where(
        duplicate.tenant_id == Message.tenant_id,
        duplicate.channel == Message.channel,
        duplicate.sender == Message.sender,
        duplicate.recipient == Message.recipient,
        func.md5(duplicate.body) == func.md5(Message.body),
    )
