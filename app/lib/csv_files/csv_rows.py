"""CSV files of a business: their rows, and what became of each."""

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from app.lib.csv_files.encoding import NoText, split, text_of
from app.lib.csv_files.formulas import plain
from app.lib.csv_files.header import JOINED, SEVERAL, Synonyms, known_as
from app.lib.text.cleaning import clean

# More is no table of a business's, and every row would have all of them.
MOST_COLUMNS = 200
# ZIP, as which Excel saves; and what Excel saved as before 2007.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
EXCELS = re.compile(r'="([^"]*)"')
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


@dataclass(frozen=True)
class Table:
    """A file as it stands."""

    header: list[str]
    records: list[tuple[int, list[str]]]
    """(line of the file, its cells)"""


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
    found = table(content, most)
    header = known_as(found.header, columns)
    check(header, needed)
    return named(found, header, columns), [each for each in header if each and each not in columns]


def table(content: bytes, most: int | None = None) -> Table:
    """The file as it is, without empty lines; most: so many rows. Raises BadFile."""
    if content.startswith(WORKBOOKS):
        raise BadFile("it is a workbook or an archive: open it, and save it as “CSV UTF-8”")
    try:
        records, separator, before = split(text_of(content))
    except NoText:
        raise BadFile("it is no text: save it as “CSV UTF-8”") from None
    lines = _lines(records, separator, before)
    header = next(lines, (0, []))[1]
    if len(header) > MOST_COLUMNS:
        raise BadFile(f"it has more than {MOST_COLUMNS} columns: leave out what is not needed")
    filled = ((line, cells[: len(header)]) for line, cells in lines if cells)
    rows = list(islice(filled, most and most + 1))
    if most and len(rows) > most:
        raise BadFile(f"it has more than {most:,} rows: split it into several")
    return Table(header, rows)


def named(found: Table, header: Sequence[str], columns: Collection[str]) -> list[Row]:
    """Its rows by the names of the header, which may be others than its own; what stands under any
    that is no column is left out."""
    return [(line, _cells(header, cells, columns)) for line, cells in found.records]


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


def check(header: Collection[str], needed: Iterable[Collection[str]]) -> None:
    """Raises BadFile where the header has no column of a group."""
    for group in needed:
        if not set(group).intersection(header):
            raise BadFile(f"its first line must name the columns, among them {_either(group)}")


def _either(group: Collection[str]) -> str:
    return " or ".join(group)


def _cells(header: Sequence[str], cells: Sequence[str], columns: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, cell in zip_longest(header, cells, fillvalue=""):
        if name in columns:
            text = plain(bare(clean(cell))).strip()
            if name in JOINED:
                found[name] = SEVERAL.join(filter(None, (found.get(name), text)))
            else:
                # Of several for the same the first in which something stands.
                found[name] = found.get(name) or text
    return found


def bare(cell: str) -> str:
    """Without blanks and byte order marks around it, and as Excel is told to leave it: ="0171"."""
    text = cell.strip().strip("\ufeff").strip()
    kept = EXCELS.fullmatch(text)
    return kept[1] if kept else text
