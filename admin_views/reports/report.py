"""What a report consists of. Each is a file beside this one, and a row in REPORTS."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from admin_views.reports.charts import Chart
from app.reports.period import Period


class Share(float):
    """So many of a hundred."""


# None: there is nothing to tell it from.
Cell = str | int | Share | timedelta | date | None
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Told:
    """A report of one period, and of the one before."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    chart: Chart | None = None
    """What the table says, as a picture; None: there is nothing to draw."""
    summary: str = ""
    """A sentence."""


@dataclass(frozen=True)
class Report:
    key: str
    """In addresses, and as a file's name."""
    title: str
    empty: str
    """What is said where there is nothing to tell."""
    tell: Callable[[Period, Period], Told]
    """Of this period, and the one before."""


def share(part: int, whole: int) -> Share | None:
    return Share(100 * part / whole) if whole else None
