"""Rows of a file through whom others of it are reached: whoever is written to is taken before whom
they are written to for, wherever they stand."""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.lib.csv_files.csv_rows import Row

THROUGH = "reached_through"
# However it is written, a number ends alike.
DIGITS = 7


def elders_first(rows: Iterable[Row]) -> list[Row]:
    """The rows, and else in their order."""
    return sorted(rows, key=lambda row: bool(row[1].get(THROUGH)))


def elders_of(batch: Sequence[Row], rows: Iterable[Row]) -> Iterator[Row]:
    """Those of the rows through whom somebody of the batch may be reached, and who are not in it:
    by a look at their cells, which finds rather too many."""
    wanted = {_end(cells[THROUGH]) for _, cells in batch if cells.get(THROUGH)}
    there = {line for line, _ in batch}
    for line, cells in rows if wanted else ():
        if line not in there and not cells.get(THROUGH):
            said = " ".join([*cells.values(), *map(_digits, cells.values())]).casefold()
            if any(each in said for each in wanted):
                yield line, cells


def _end(text: str) -> str:
    digits = _digits(text)
    return digits[-DIGITS:] if len(digits) >= DIGITS and "@" not in text else text.casefold()


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
