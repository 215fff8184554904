"""Wall time where clocks are put forward and back, read so that it never runs backwards.

A time that comes twice counts once, the first time; one that is left out comes with the first that
is not. Wall times are naive; instants are aware and UTC. All pure.
"""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


def comes_at(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which clocks there show this time, or a later one.

    A later wall time never comes before an earlier one.
    """
    before = _read(wall, zone, fold=1)
    if _shown(before, zone) == wall:
        return _read(wall, zone, fold=0)
    # It is left out. Of the two ways to read it one is before the change, and one after.
    skipped = (_read(wall, zone, fold=0) - before) // MINUTE
    later = bisect_left(range(skipped), wall, key=lambda n: _shown(before + n * MINUTE, zone))
    return (before + later * MINUTE).replace(second=0, microsecond=0)


def reached(instant: datetime, zone: ZoneInfo) -> datetime:
    """The wall time up to which clocks there have come by now: while they show an hour once more,
    its end."""
    there = instant.astimezone(zone)
    wall = there.replace(tzinfo=None, fold=0)
    if not there.fold:
        return wall
    repeated = (instant - _read(wall, zone, fold=0)) // MINUTE
    on = bisect_left(range(repeated), instant, key=lambda n: comes_at(wall + n * MINUTE, zone))
    return (wall + on * MINUTE).replace(second=0, microsecond=0)


def _read(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)
