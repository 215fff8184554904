"""CSV files of a business: their rows, and what became of each."""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from app.lib.csv_files.encoding import NoText, split, text_of
from app.lib.csv_files.formulas import plain
from app.lib.csv_files.header import Synonyms, known_as
from app.lib.text.cleaning import clean

# More is no table of a business's, and every row would have all of them.
MOST_COLUMNS = 200
UNCLOSED = "it has a quotation mark that is never closed"

# (line of the file, its cells by column)
Row = tuple[int, dict[str, str]]


class BadFile(ValueError):
    """The file cannot be read; the text says why."""


class BadRow(ValueError):
    """The row cannot be taken; the text says why."""


@dataclass
class Report:
    """How an import ended."""

    counts: Counter[str] = field(default_factory=Counter)
    """Of rows that were created, updated, and found unchanged."""
    rejected: list[tuple[int, str]] = field(default_factory=list)
    """(line of the file, reason)"""
    made: list[tuple[str, str]] = field(default_factory=list)
    """(what, its name) of what the rows named and nobody knew: services, staff members."""


def read(
    content: bytes,
    columns: Synonyms,
    needed: Iterable[Collection[str]],
    most: int | None = None,
) -> tuple[list[Row], list[str]]:
    """The rows with their lines, and the columns that nobody knows. Raises BadFile.

    columns: ours, each with the other names that it goes by (app/lib/csv_files/header.py). needed:
    groups of columns, of each of which the file must have one. most: so many rows.
    """
    try:
        records, separator, before = split(text_of(content))
    except NoText:
        raise BadFile("it is no text: save it as “CSV UTF-8”") from None
    lines = _lines(records, separator, before)
    header = known_as(next(lines, (0, []))[1], columns)
    _check(header, needed)
    filled = ((line, cells) for line, cells in lines if cells)
    rows = [
        (line, _cells(header, cells, columns)) for line, cells in islice(filled, most and most + 1)
    ]
    if most and len(rows) > most:
        raise BadFile(f"it has more than {most:,} rows: split it into several")
    return rows, [name for name in header if name and name not in columns]


def _lines(records: Iterable[str], separator: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """Each record with its last line. Raises BadFile with the line on which a broken one begins:
    what swallows the rest of the file is the quotation mark there."""
    reader, begins = csv.reader(records, delimiter=separator, strict=True), before + 1
    try:
        for cells in reader:
            yield reader.line_num + before, cells
            begins = reader.line_num + before + 1
    except csv.Error as error:
        wrong = UNCLOSED if "end of data" in str(error) else error
        raise BadFile(f"line {begins}: {wrong}") from None


def _check(header: list[str], needed: Iterable[Collection[str]]) -> None:
    if len(header) > MOST_COLUMNS:
        raise BadFile(f"it has more than {MOST_COLUMNS} columns: leave out what is not needed")
    for group in needed:
        if not set(group).intersection(header):
            raise BadFile(f"its first line must name the columns, among them {_either(group)}")


def _either(group: Collection[str]) -> str:
    return " or ".join(group)


def _cells(header: list[str], cells: list[str], columns: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, cell in zip_longest(header, cells[: len(header)], fillvalue=""):
        if name in columns:
            # Of several for the same the first in which something stands.
            found[name] = found.get(name) or plain(clean(cell).strip()).strip()
    return found
