"""What somebody enters on the page of business hours: as typed, and as it is stored."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.business_hours.opening_hours import Interval

CLOSED, OTHER, USUAL = "closed", "other", "usual"


class Row(NamedTuple):
    """An interval. With nothing in it it is none."""

    opens: str = ""
    closes: str = ""


class TypedException(NamedTuple):
    day: str
    """ISO 8601."""
    kind: str
    """closed; other hours, which are its rows; or usual, those of its weekday, holiday or not."""
    note: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Typed:
    week: tuple[tuple[Row, ...], ...]
    """Of the days from Monday on."""
    never: bool
    """Whether it is said outright that there are no weekly hours."""
    exceptions: tuple[TypedException, ...]
    holidays: bool
    """Whether it is closed on public holidays."""
    region: str
    open_holidays: tuple[str, ...]
    """The names of those on which it is open all the same."""


class DatedHours(NamedTuple):
    """Of one date; closed with no intervals, unless it is as usual on the weekday."""

    day: date
    note: str
    as_usual: bool
    intervals: tuple[Interval, ...]


@dataclass(frozen=True)
class Entered:
    """What was typed, once nothing is wrong with it."""

    week: tuple[tuple[Interval, ...], ...]
    exceptions: tuple[DatedHours, ...]
    holidays: bool
    region: str | None
    open_holidays: tuple[str, ...]
