"""Which messages may leave now, and whose turn it is."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from app.lib.status import MessageStatus
from app.models import Message, SenderPace
from app.outbox.consent import stopped
from app.outbox.late import in_time
from app.outbox.pause import paused
from app.outbox.window import closed

IN_FLIGHT = (MessageStatus.SENDING, MessageStatus.CHECKING)
AUTOMATIC = Message.author_id.is_(None)


# So many of one number, and of one tenant, are taken at a time.
EACH = 8


def due(now: datetime, most: int, busy: Collection[int] = ()) -> Select[Any]:
    """(id, tenant_id, channel, sender, segments) of up to so many messages that may leave, in
    their order: what staff wrote before what was sent by itself, then each number in turn.
    Tenants that are busy are left out.

    The cost grows with the numbers in use, not with the messages that wait.
    """
    line = _line(now, busy)
    return (
        select(line.c.id, line.c.tenant_id, SenderPace.channel, SenderPace.sender, line.c.segments)
        .select_from(SenderPace)
        .join(line, literal(True))
        .where(SenderPace.free_at <= now, line.c.ahead < SenderPace.segments_a_second)
        .order_by(line.c.automatic, line.c.place, line.c.send_after, line.c.id)
        .limit(most)
    )


def _line(now: datetime, busy: Collection[int]) -> Any:
    """What each number may begin within a second, with the segments that are before each."""
    first = _first(now, busy)
    order = (first.c.automatic, first.c.send_after, first.c.id)
    before = func.sum(first.c.segments).over(order_by=order) - first.c.segments
    place = func.row_number().over(order_by=order)
    return select(first, before.label("ahead"), place.label("place")).lateral("line")


def _first(now: datetime, busy: Collection[int]) -> Subquery:
    return (
        select(
            Message.id,
            Message.tenant_id,
            Message.segments,
            Message.send_after,
            AUTOMATIC.label("automatic"),
        )
        .where(Message.channel == SenderPace.channel, Message.sender == SenderPace.sender)
        .where(Message.status == MessageStatus.QUEUED, Message.send_after <= now)
        .where(Message.tenant_id.not_in(busy), in_time(now))
        .where(~stopped(), ~closed(now), ~paused(now), ~_twin_in_flight(), ~_older_twin(now))
        .order_by(AUTOMATIC, Message.send_after, Message.id)
        .limit(EACH)
        .correlate(SenderPace)
        .subquery()
    )


def _twin_in_flight() -> ColumnElement[bool]:
    twin = aliased(Message)
    return _twins(twin).where(twin.status.in_(IN_FLIGHT)).exists()


def _older_twin(now: datetime) -> ColumnElement[bool]:
    # In the order above: of equal words, what staff wrote goes first.
    twin = aliased(Message)
    place = tuple_(twin.author_id.is_(None), twin.id) < tuple_(AUTOMATIC, Message.id)
    waits = (twin.status == MessageStatus.QUEUED, twin.send_after <= now, place)
    return _twins(twin).where(*waits).exists()


def _twins(twin: Any) -> Select[int]:
    """Messages that are the same to a carrier: one sender, recipient and body."""
    return select(twin.id).where(
        twin.tenant_id == Message.tenant_id,
        twin.channel == Message.channel,
        twin.sender == Message.sender,
        twin.recipient == Message.recipient,
        func.md5(twin.body) == func.md5(Message.body),
    )
