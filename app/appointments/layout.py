"""Where appointments stand in a day's column: by local time, side by side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from app.appointments.diary import Booking

HOUR = 60
DAY = 24 * HOUR
# A shorter one could not be read, nor hit with a finger.
SHORTEST = 15


@dataclass(frozen=True)
class Block:
    """A part of a day, in minutes of its wall clock, and its place among those that overlap."""

    booking: Booking
    start: int
    end: int
    lane: int = 0
    lanes: int = 1


def blocks(bookings: Iterable[Booking], day: date, timezone: str) -> list[Block]:
    """What the column of a day shows; of one that goes on past midnight, the part of this day.

    Each begins and ends where the labels say so, also where the clocks change meanwhile.
    """
    found = [block for each in bookings if (block := _block(each, day, ZoneInfo(timezone)))]
    return side_by_side(sorted(found, key=lambda block: (block.start, -block.end)))


def _block(booking: Booking, day: date, zone: ZoneInfo) -> Block | None:
    start = minute_of(booking.starts_at.astimezone(zone), day)
    end = minute_of(booking.ends_at.astimezone(zone), day)
    if start >= DAY or end <= 0:
        return None
    if end <= start:
        # It ends in the hour that comes twice.
        end = start + booking.duration_minutes
    start = min(max(start, 0), DAY - SHORTEST)
    return Block(booking, start, min(max(end, start + SHORTEST), DAY))


def minute_of(there: datetime, day: date) -> int:
    """The minute of the day that the wall clock shows; beyond it for another day."""
    return (there.date() - day).days * DAY + there.hour * 60 + there.minute


def side_by_side(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, given by their start, each in the first lane that is free for it."""
    placed: list[Block] = []
    cluster: list[Block] = []
    busy: list[tuple[int, int]] = []
    """(end, lane) of the cluster's, the first to end first."""
    free: list[int] = []
    for block in blocks:
        while busy and busy[0][0] <= block.start:
            heappush(free, heappop(busy)[1])
        if not busy:
            placed += _shared(cluster)
            cluster, free = [], []
        lane = heappop(free) if free else len(busy)
        heappush(busy, (block.end, lane))
        cluster.append(replace(block, lane=lane))
    return placed + _shared(cluster)


@dataclass(frozen=True)
class More:
    """How many appointments there is no room for, from a minute of the day to another."""

    start: int
    end: int
    count: int


def room_for(blocks: list[Block], most: int) -> tuple[tuple[Block, ...], tuple[More, ...]]:
    """What is shown where no more than that stand side by side; of more, the last lane tells how
    many begin within each hour."""
    shown: list[Block] = []
    left: list[Block] = []
    for each in blocks:
        fits = each.lanes <= most or each.lane < most - 1
        (shown if fits else left).append(replace(each, lanes=min(each.lanes, most)))
    return tuple(shown), tuple(_by_hour(sorted(left, key=lambda each: each.start)))


def _by_hour(blocks: list[Block]) -> Iterator[More]:
    while blocks:
        begin = blocks[0].start
        hour = [each for each in blocks if each.start < begin + HOUR]
        end = min(begin + HOUR, max(each.end for each in hour))
        yield More(begin, end, len(hour))
        blocks = blocks[len(hour) :]


def _shared(cluster: list[Block]) -> list[Block]:
    lanes = max((block.lane for block in cluster), default=0) + 1
    return [replace(block, lanes=lanes) for block in cluster]
