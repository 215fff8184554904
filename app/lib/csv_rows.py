"""CSV files of a business: their rows, and what became of each."""

import csv
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice

from app.lib.text import clean

# More is no table of a business's, and every row would have all of them.
MOST_COLUMNS = 200

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


def read(
    content: bytes,
    columns: Collection[str],
    needed: Iterable[Collection[str]],
    most: int | None = None,
) -> tuple[list[Row], list[str]]:
    """The rows with their lines, and the columns that nobody knows. Raises BadFile.

    needed: groups of columns, of each of which the file must have one. most: so many rows.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("it is not UTF-8: save it as “CSV UTF-8”") from None
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True, restval="")
    try:
        header = [(name or "").strip().lower() for name in reader.fieldnames or []]
        if len(header) > MOST_COLUMNS:
            raise BadFile(f"it has more than {MOST_COLUMNS} columns: leave out what is not needed")
        for group in needed:
            if not set(group).intersection(header):
                raise BadFile(f"its first line must name the columns, among them {_either(group)}")
        reader.fieldnames = header
        rows = [
            (reader.line_num, _cells(row, columns)) for row in islice(reader, most and most + 1)
        ]
    except csv.Error as error:
        raise BadFile(f"line {reader.line_num}: {error}") from None
    if most and len(rows) > most:
        raise BadFile(f"it has more than {most:,} rows: split it into several")
    return rows, [name for name in header if name and name not in columns]


def _either(group: Collection[str]) -> str:
    return " or ".join(group)


def _cells(row: dict[str, str], columns: Collection[str]) -> dict[str, str]:
    return {name: clean(row.get(name) or "").strip() for name in columns if name in row}
