"""The plots of docs/performance.md."""

from collections.abc import Mapping
from pathlib import Path

from pygal import Bar, Line
from pygal.style import CleanStyle

FOLDER = Path(__file__).parents[2] / "docs" / "pictures" / "growth"
# What a browser would need a script of somebody else for; each name whole.
STILL = {"js": (), "pretty_print": True, "disable_xml_declaration": True, "truncate_legend": -1}
# Told apart by people who see no red, too (Okabe and Ito).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#000000", "#cc79a7", "#e69f00", "#56b4e9")


def draw(
    costs: Mapping[int, Mapping[str, float]], rates: Mapping[int, Mapping[str, float]]
) -> None:
    """costs: milliseconds by size; rates: a second by how many processes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    line = Line(
        title="ms of CPU, by messages in the database", style=_style(), width=800, height=420
    )
    _fill(line, costs, "costs.svg")
    bar = Bar(title="a second, by processes on two cores", style=_style(), width=800, height=420)
    _fill(bar, rates, "processes.svg")


def _fill(chart: Line | Bar, rows: Mapping[int, Mapping[str, float]], name: str) -> None:
    chart.config(**STILL)
    chart.x_labels = [f"{each:,}" for each in rows]
    for what in next(iter(rows.values())):
        chart.add(what, [round(each[what], 2) for each in rows.values()])
    chart.render_to_file(str(FOLDER / name))


def _style() -> CleanStyle:
    # A picture in a page has that page's background, be it dark.
    return CleanStyle(
        background="white", plot_background="white", font_family="sans-serif", colors=COLOURS
    )
