"""What is in an uploaded file: its table as it stands, and its rows by our names."""

from collections.abc import Sequence

from app.imports.kinds.every_kind import KINDS
from app.lib.csv_files import csv_rows
from app.lib.csv_files.csv_rows import BadFile, Row, Table
from app.lib.csv_files.header import known_as
from app.models import FileImport

LARGEST = 2 * 1024 * 1024
MOST_ROWS = 25_000


def table(kind: str, content: bytes) -> Table:
    """The file as it stands. Raises BadFile."""
    if len(content) > LARGEST:
        raise BadFile(f"it is larger than {LARGEST // 1024**2} MB: split it into several")
    found = _table(content, MOST_ROWS)
    if not found.records:
        raise BadFile("it has no rows below its first line")
    return found


def _table(content: bytes, most: int | None = None) -> Table:
    """Without the rows of separators alone with which a spreadsheet goes on."""
    found = csv_rows.table(content, most)
    filled = [(line, cells) for line, cells in found.records if any(map(str.strip, cells))]
    return Table(found.header, filled)


def guessed(kind: str, header: list[str]) -> list[str]:
    """Our name of each column, as far as its own says it; else nothing."""
    columns = KINDS[kind].columns
    return [name if name in columns else "" for name in known_as(header, columns)]


def rows(upload: FileImport) -> list[Row]:
    """Its rows, by the columns that were said, in the order in which they are taken. Raises
    BadFile."""
    kind = KINDS[upload.kind]
    found = _table(upload.file or upload.content or b"")
    header = upload.columns or known_as(found.header, kind.columns)
    return kind.ordered(csv_rows.named(found, header, kind.columns))


def missing(kind: str, columns: Sequence[str]) -> list[str]:
    """What has to be among the columns, and is not: a list of names a group, of which one will
    do."""
    return [
        " or ".join(group) for group in KINDS[kind].needed if not set(group).intersection(columns)
    ]
