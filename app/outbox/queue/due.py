"""Fair queueing: which messages may leave now, and whose turn it is."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    DateTime,
    Integer,
    ScalarSelect,
    Select,
    Subquery,
    Text,
    all_,
    func,
    select,
    true,
)
from sqlalchemy.orm import aliased

from app.extensions import settings
from app.lib.message_status import MessageStatus
from app.lib.time import zones
from app.models import Message, SenderRateLimit, Tenant
from app.outbox import offers
from app.outbox.queue.automatic_pause import held
from app.outbox.queue.daily_limit import TERMS, exhausted_at
from app.outbox.queue.expiry import in_time
from app.outbox.queue.foreign_sender import from_its_own
from app.outbox.queue.kept_back import kept_back
from app.outbox.queue.opt_out import stopped
from app.outbox.queue.paused_senders import paused
from app.outbox.queue.session_window import closed
from app.outbox.senders.twilio_senders import platforms
from app.prepared import Prepared, given

IN_FLIGHT = (MessageStatus.SENDING, MessageStatus.CHECKING)
AUTOMATIC = Message.author_id.is_(None)


# Added to a time, so that no index of times serves: where the planner knows of nothing that waits,
# as nothing mostly does, it would fetch all that are due, and not begin with the first.
NOTHING = timedelta()
# So many of one tenant at one number, and of one tenant altogether, are taken at a time.
EACH = 8
NOW, OFFSETS = given("now", DateTime(timezone=True)), given("offsets", Text)


class Due(NamedTuple):
    """A message that may leave, and what `spend` asks about its tenant."""

    id: int
    tenant_id: int
    channel: str
    sender: str
    segments: int
    recipient: str
    automatic: bool
    pays_itself: bool
    country: str
    open_countries: list[str]
    timezone: str
    segments_a_day: int


def due(now: datetime, most: int, busy: Collection[int] = (), locked: bool = False) -> list[Due]:
    """Up to so many messages that may leave, in their order: what staff wrote before what was sent
    by itself, then each number in turn, and of those who share a number each tenant in turn.
    Tenants that are busy are left out. Locked: whoever holds a number holds its line, and the
    numbers of others are passed over. For whoever has entered unscoped().

    The cost grows with the tenants that wait at numbers that are free, not with their messages.
    """
    told = {"now": now, "offsets": zones.offsets(now), "most": most, "busy": list(busy)}
    ours = (settings().twilio_account_sid, *platforms().items())
    return _prepared(locked, *ours).all(**told)


@lru_cache(4)
def _prepared(locked: bool, *_ours: object) -> Prepared[Due]:
    """One for each account and numbers of the settings, which are in the statement."""
    query = _due()
    if locked:
        query = query.with_for_update(of=SenderRateLimit, skip_locked=True)
    return Prepared(Due, query, across=True)


def _due() -> Select[Any]:
    line = _line(_round_robin())
    return (
        select(line.c.id, line.c.tenant_id, line.c.channel, line.c.sender, line.c.segments)
        .add_columns(line.c.recipient, line.c.automatic, *TERMS)
        .join(Tenant, Tenant.id == line.c.tenant_id)
        .join(
            SenderRateLimit,
            (SenderRateLimit.channel == line.c.channel) & (SenderRateLimit.sender == line.c.sender),
        )
        # Asked again, as somebody else may have sent by it at this very moment.
        .where(SenderRateLimit.free_at <= NOW, line.c.ahead < SenderRateLimit.segments_a_second)
        .order_by(line.c.automatic, line.c.place, line.c.send_after, line.c.id)
        .limit(given("most", Integer))
    )


def _line(turns: Subquery) -> Subquery:
    """What each number may begin within a second, with the segments that are before each."""
    one = turns.c
    # After whoever was served last comes the next, and after the last the first.
    order = (one.automatic, one.turn, one.tenant_id <= one.last_served, one.tenant_id)
    window: Any = {"partition_by": (one.channel, one.sender), "order_by": order}
    ahead = func.sum(one.segments).over(**window) - one.segments
    place = func.row_number().over(**window)
    numbered = select(turns, ahead.label("ahead"), place.label("place"))
    return numbered.where(one.copy == 1).subquery()


def _round_robin() -> Subquery:
    """Each tenant's first at each number, with its place among them: its turn."""
    waiting = _waiting()
    first = _first(waiting)
    its = (waiting.c.tenant_id, waiting.c.channel)
    line = (waiting.c.channel, waiting.c.sender, waiting.c.tenant_id)
    age = (first.c.send_after, first.c.id)
    turn = func.row_number().over(partition_by=(*line, first.c.automatic), order_by=age)
    # Of those that are the same to a carrier the second waits until it is known what became of the
    # first.
    same = (*line, first.c.recipient, first.c.words)
    copy = func.row_number().over(partition_by=same, order_by=(first.c.automatic, *age))
    return (
        select(waiting, first, turn.label("turn"), copy.label("copy"))
        .join(first, true())
        .where(waiting.c.tenant_id != all_(given("busy", ARRAY(Integer))))
        .where(~paused(NOW, *its), ~exhausted_at(NOW, OFFSETS, *its, first.c.automatic))
        .subquery()
    )


def _waiting() -> CTE:
    """Whose messages wait at each number that is free, from one tenant of the index to the next."""
    numbers = (SenderRateLimit.channel, SenderRateLimit.sender, SenderRateLimit.last_served)
    lowest = _lowest_tenant(SenderRateLimit.channel, SenderRateLimit.sender)
    found = select(*numbers, lowest.label("tenant_id")).where(SenderRateLimit.free_at <= NOW)
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


def _first(waiting: CTE) -> Any:
    return (
        select(Message.id, Message.segments, Message.send_after, AUTOMATIC.label("automatic"))
        .add_columns(Message.recipient, func.md5(Message.body).label("words"))
        .where(Message.channel == waiting.c.channel, Message.sender == waiting.c.sender)
        .where(Message.tenant_id == waiting.c.tenant_id)
        .where(Message.status == MessageStatus.QUEUED, Message.send_after + NOTHING <= NOW)
        .where(
            in_time(NOW),
            ~held(),
            ~stopped(),
            ~closed(NOW),
            from_its_own(),
            ~kept_back(),
            ~offers.held(),
        )
        .where(~_duplicate_in_flight())
        .order_by(AUTOMATIC, Message.send_after, Message.id)
        .limit(EACH)
        .lateral("first")
    )


@cache
def _duplicate_in_flight() -> ColumnElement[bool]:
    """Whether one that is the same to a carrier, by sender, recipient and body, is under way."""
    duplicate = aliased(Message)
    return (
        select(duplicate.id)
        .where(
            duplicate.tenant_id == Message.tenant_id,
            duplicate.channel == Message.channel,
            duplicate.sender == Message.sender,
            duplicate.recipient == Message.recipient,
            func.md5(duplicate.body) == func.md5(Message.body),
            duplicate.status.in_(IN_FLIGHT),
        )
        .exists()
    )
