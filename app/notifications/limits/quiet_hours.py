"""When an automatic message may go: wall time, clock changes, quiet hours. All pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# Quiet hours begin with their first second: whatever is to be out before leaves a moment earlier.
BEFORE_THE_EDGE = timedelta(minutes=5)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant in UTC at which a wall shows this time.

    Of a time that exists twice the first is meant; one that does not exist is as much later as
    the clocks are put forward (PEP 495, fold=0).
    """
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def before(start: datetime, lead: timedelta, zone: ZoneInfo) -> datetime:
    """The instant so long before the start.

    Whole days are days on the calendar, at the same wall time, so that a clock change in between
    moves nothing; what is left of the lead is time that passes.
    """
    days, rest = lead // DAY, lead % DAY
    wall = start.astimezone(zone).replace(tzinfo=None) - days * DAY
    # Without a whole day there is nothing to look up: the start itself may exist twice.
    return (instant(wall, zone) if days else start.astimezone(UTC)) - rest


@dataclass(frozen=True)
class Quiet:
    """The wall times between which a customer is left in peace, over midnight or not."""

    begins: time
    ends: time
    zone: ZoneInfo

    def holds(self, at: datetime) -> bool:
        wall = at.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= wall < self.ends
        return wall >= self.begins or wall < self.ends

    def over(self, at: datetime) -> datetime:
        """When the quiet that holds at that time ends."""
        return min(end for end in self._next(self.ends, at) if not self.holds(end))

    def before(self, at: datetime) -> datetime:
        """The last moment before the quiet that holds at that time."""
        wall = at.astimezone(self.zone)
        day = wall.date() if wall.time() >= self.begins else wall.date() - DAY
        return instant(datetime.combine(day, self.begins), self.zone) - BEFORE_THE_EDGE

    def begins_next(self, at: datetime) -> datetime:
        """When it is quiet again after a time at which it is not. Hours that the clocks skip
        begin on the day after."""
        return min(begin for begin in self._next(self.begins, at) if self.holds(begin))

    def _next(self, clock: time, at: datetime) -> Iterator[datetime]:
        """When walls show that time on these days, after at; twice where clocks go back."""
        today = at.astimezone(self.zone).date()
        for day, fold in product((today, today + DAY, today + 2 * DAY), (0, 1)):
            moment = datetime.combine(day, clock, self.zone).replace(fold=fold).astimezone(UTC)
            if moment > at:
                yield moment


def allowed(
    due: datetime, earliest: datetime, until: datetime, quiet: Quiet | None
) -> datetime | None:
    """When a message that is due then may go: at once, else as soon as the quiet is over, else
    before it began; None where nothing of that is from earliest on and before until."""
    if quiet is None or not quiet.holds(due):
        return due
    for moment in (quiet.over(due), quiet.before(due)):
        if earliest <= moment < until and not quiet.holds(moment):
            return moment
    return None
