"""Charts as numbers between 0 and 100, from which templates/reports draw SVG: colours, light and
dark, are the style sheet's, and what a chart says stands in a table beside it.

pygal would draw them, too, but with a style sheet in each picture, which our pages'
Content-Security-Policy forbids, and with colours of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple


class Part(NamedTuple):
    """A piece of a stack; of which series, where it begins and how long it is."""

    series: int
    start: float
    length: float


Series = Mapping[str, Sequence[int]]
"""A value for each label, by name."""


@dataclass(frozen=True)
class Stacks:
    """Stacks side by side, as of days (upright), or one below the other, as of channels."""

    labels: Sequence[str]
    series: Series
    upright: bool = False
    unit: str = ""
    before: Sequence[int] = ()
    """The totals of the period before, as a line; it may be shorter or longer."""

    @property
    def kind(self) -> str:
        return "columns" if self.upright else "bars"

    @property
    def totals(self) -> list[int]:
        return [sum(values) for values in self._values]

    @cached_property
    def most(self) -> int:
        return max([1, *self.totals, *self.before])

    @property
    def stacks(self) -> list[list[Part]]:
        return [self._stack(values) for values in self._values]

    @property
    def line(self) -> str:
        """The points of `before`, in the middle of their stacks."""
        wide = 100 / max(len(self.labels), 1)
        values = list(self.before)[: len(self.labels)]
        points = enumerate(100 - 100 * value / self.most for value in values)
        return " ".join(f"{(n + 0.5) * wide:.2f},{y:.2f}" for n, y in points)

    def told(self, n: int) -> str:
        """A stack in words: Nov 3: SMS 2, Email 1."""
        values = zip(self.series, self._values[n], strict=True)
        parts = [f"{name} {value:,}" for name, value in values if value]
        return f"{self.labels[n]}: {', '.join(parts) or 'none'}"

    @cached_property
    def _values(self) -> list[tuple[int, ...]]:
        return list(zip(*self.series.values(), strict=True))

    def _stack(self, values: Sequence[int]) -> list[Part]:
        lengths = [100 * value / self.most for value in values]
        starts = accumulate(lengths, initial=0.0)
        parts = zip(lengths, starts, strict=False)
        return [Part(n, start, length) for n, (length, start) in enumerate(parts) if length]


@dataclass(frozen=True)
class HeatMap:
    """A shade for each hour of each weekday."""

    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[int]]
    kind = "heat"

    def shade(self, value: int) -> float:
        """How much of the colour there is, from 0 to 1; of the least there is enough to see."""
        most = max(max(row) for row in self.values)
        return round(0.15 + 0.85 * value / most, 2) if value else 0


Chart = Stacks | HeatMap
