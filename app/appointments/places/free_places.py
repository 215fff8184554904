"""Where an appointment still fits: all pure.

It lies within somebody's working hours, breaks and days off left out, and on no other appointment;
the time that a service takes after it need not lie within the hours, but is nobody else's either.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.business_hours.opening_hours import OpeningHours, Span

# Starts are offered at each quarter of an hour of the wall clock.
STEP = timedelta(minutes=15)
FAR = datetime.max.replace(tzinfo=UTC)


class Wanted(NamedTuple):
    lasts: timedelta
    buffer: timedelta
    """For how long whoever gave it is busy afterwards."""
    since: datetime
    until: datetime
    """Before which it begins."""


class Taken(NamedTuple):
    """An appointment, with the buffer after it; None: whoever gives it is not chosen yet."""

    staff_member_id: int | None
    begins: datetime
    ends: datetime


class Place(NamedTuple):
    """A start that is free, and those who could give it."""

    starts_at: datetime
    staff: tuple[int | None, ...]


def free_places(
    wanted: Wanted,
    hours: Mapping[int | None, OpeningHours],
    taken: Collection[Taken],
    zone: ZoneInfo,
) -> list[Place]:
    """In order. hours: of each who offers it; of None alone where a business has no staff. What
    nobody was chosen for takes the time of one of them, nobody knows whose."""
    free: dict[datetime, list[int | None]] = {}
    for id_, theirs in hours.items():
        busy = sorted(span(each) for each in taken if each.staff_member_id == id_)
        for start in starts(wanted, theirs, busy, zone):
            free.setdefault(start, []).append(id_)
    open_ = [] if None in hours else [each for each in taken if each.staff_member_id is None]
    return [
        Place(start, tuple(them))
        for start, them in sorted(free.items())
        if len(them) > _waiting(open_, start, wanted)
    ]


def starts(
    wanted: Wanted, hours: OpeningHours, busy: Sequence[Span], zone: ZoneInfo
) -> Iterator[datetime]:
    """Those of one person; busy: in the order in which they begin."""
    for opens, closes in hours.open_spans(wanted.since, wanted.until):
        begin = max(opens, wanted.since)
        for taken, ends in [*_within(busy, opens, closes + wanted.buffer), (FAR, FAR)]:
            last = min(closes - wanted.lasts, taken - wanted.lasts - wanted.buffer)
            yield from _grid(begin, last, wanted.until, zone)
            begin = max(begin, ends)


def span(taken: Taken) -> Span:
    return taken.begins, taken.ends


def _within(busy: Sequence[Span], begins: datetime, ends: datetime) -> list[Span]:
    return [each for each in busy if each[0] < ends and each[1] > begins]


def _waiting(open_: Sequence[Taken], start: datetime, wanted: Wanted) -> int:
    ends = start + wanted.lasts + wanted.buffer
    return sum(each.begins < ends and each.ends > start for each in open_)


def _grid(begin: datetime, last: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    at = _on_grid(begin, zone)
    while at <= last and at < until:
        yield at
        at = _on_grid(at + timedelta(microseconds=1), zone)


def _on_grid(at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant from then on at which the wall clock shows a quarter."""
    there = at.astimezone(zone)
    past = timedelta(minutes=there.minute, seconds=there.second, microseconds=there.microsecond)
    return (at + -past % STEP).astimezone(UTC)
