"""CSV files of the panels' rows."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from app.lib.csv_files.formulas import harmless


def written(rows: Iterable[Sequence[Any]]) -> str:
    """The rows as CSV, each cell in quotes and harmless."""
    file = StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(map(harmless, row) for row in rows)
    return file.getvalue()
