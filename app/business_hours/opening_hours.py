"""When a business is open, at whatever instant one asks: all pure.

A business opens and closes by the clock on its wall. Where clocks change, a time that is left out
comes with the first that is not, and one that comes twice counts once (app/lib/time/clock_changes).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise, takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.lib.time.clock_changes import MINUTE, comes_at, reached

DAY = timedelta(days=1)
# What is not found so many days on, or back, is taken for never.
LIMIT = 400
Span = tuple[datetime, datetime]


class Interval(NamedTuple):
    """In minutes after the midnight with which a day begins, by the wall; beyond 1440: on the day
    after. No interval is longer than a day."""

    opens: int
    closes: int


class Period(NamedTuple):
    """From an instant on and up to another; None: none that is less than LIMIT days away."""

    begins: datetime | None
    ends: datetime | None


@dataclass(frozen=True)
class OpeningHours:
    """Of one business. What is asked about instants is told in instants, in UTC."""

    zone: ZoneInfo
    week: Mapping[int, tuple[Interval, ...]]
    """By weekday, Monday being 0, in order; a day without any is closed."""
    exceptions: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    """What counts on these dates instead, holiday or not."""
    holiday: Callable[[date], bool] = lambda day: False
    """Whether it is closed for a public holiday."""

    def on(self, day: date) -> tuple[Interval, ...]:
        """When it opens on a date; the interval of a night belongs to its evening."""
        if day in self.exceptions:
            return self.exceptions[day]
        return () if self.holiday(day) else self.week.get(day.weekday(), ())

    def is_open(self, at: datetime) -> bool:
        today = self._date(at)
        spans = (span for day in (today - DAY, today) for span in self._opened_on(day))
        return any(begins <= at < ends for begins, ends in spans)

    def closed_period(self, at: datetime) -> Period | None:
        """From the last closing to the next opening, whatever instant in between one asks about;
        None: it is open."""
        return None if self.is_open(at) else Period(self._closed_since(at), self.opens_next(at))

    def opens_next(self, at: datetime) -> datetime | None:
        """When it opens, after at; None: never. While it is open: when it opens again."""
        return self._soon(at, (begins for begins, _ in self._coming(at) if begins > at))

    def closes_next(self, at: datetime) -> datetime | None:
        """When it closes, after at; None: never. While it is closed: once it has been open."""
        return self._soon(at, (ends for _, ends in self._coming(at)))

    def after(self, at: datetime, open_time: timedelta) -> datetime | None:
        """When the business has been open for so long after at, reckoned by its wall: four hours
        after two o'clock is six o'clock, clock change or not. None: never."""
        now, left = reached(at, self.zone), open_time
        for begins, ends in self._spans(self._date(at) - DAY):
            here = ends - max(begins, now)
            if here > timedelta(0) and left <= here:
                return self._soon(at, iter([comes_at(ends - here + left, self.zone)]))
            left -= max(here, timedelta(0))
        return None

    def open_through(self, begins: datetime, ends: datetime) -> bool:
        """Whether it is open all the time from one instant to a later one."""
        closes = self.closes_next(begins)
        return self.is_open(begins) and (closes is None or ends <= closes)

    def open_spans(self, since: datetime, until: datetime) -> Iterator[Span]:
        """When it is open within a time, in order; what goes on beyond either end is whole."""
        return takewhile(lambda span: span[0] < until, self._coming(since))

    def _date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _soon(self, at: datetime, found: Iterator[datetime]) -> datetime | None:
        first = next(found, None)
        return first if first and first - at <= LIMIT * DAY else None

    def _coming(self, at: datetime) -> Iterator[Span]:
        """The instants between which it is open, in order, from the present ones on."""
        spans = self._spans(self._date(at) - DAY)
        return (span for span in merged(map(self._instants, spans)) if span[1] > at)

    def _closed_since(self, at: datetime) -> datetime | None:
        today = self._date(at)
        days = (today - n * DAY for n in range(LIMIT + 2))
        closings = ([ends for _, ends in self._opened_on(day) if ends <= at] for day in days)
        # What was opened on the evening before may have closed later.
        found = (max(these + before) for these, before in pairwise(closings) if these)
        return next(found, None)

    def _opened_on(self, day: date) -> list[Span]:
        return [self._instants(span) for span in self._walls(day)]

    def _spans(self, since: date) -> Iterator[Span]:
        """The wall times between which it is open, in order, from those that begin on the day."""
        days = (since + n * DAY for n in range(LIMIT + 3))
        return merged(span for day in days for span in self._walls(day))

    def _walls(self, day: date) -> Iterator[Span]:
        """Likewise of one day, but for what clock changes leave out as a whole."""
        midnight = datetime.combine(day, time())
        for opens, closes in self.on(day):
            span = midnight + opens * MINUTE, midnight + closes * MINUTE
            begins, ends = self._instants(span)
            if begins < ends:
                yield span

    def _instants(self, span: Span) -> Span:
        return comes_at(span[0], self.zone), comes_at(span[1], self.zone)


def merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Those that touch or overlap as one; the spans in the order in which they begin."""
    last: Span | None = None
    for begins, ends in spans:
        if last and begins <= last[1]:
            last = last[0], max(last[1], ends)
            continue
        if last:
            yield last
        last = begins, ends
    if last:
        yield last
