"""CSV files in which a spreadsheet finds nothing to run (OWASP, CSV injection)."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

# Where a spreadsheet may begin a cell, whatever the file's own separator is.
SEPARATOR = re.compile(r"([,;|\t\r\n])")
# Blanks, marks that nobody sees and quotes may stand before it; the full-width signs are taken for
# the plain ones.
FORMULA = re.compile(r'[\s"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*[=+\-@＝＋－＠]')
# Telephone numbers and plain numbers begin so too, and cannot do anything.
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?( \+\d+)*")


def harmless(value: Any) -> str:
    """The value as text; an apostrophe stands before whatever could be a formula."""
    text = "" if value is None else str(value)
    safe = "".join(map(_quoted, SEPARATOR.split(text)))
    return f"'{safe}" if safe.startswith(("\t", "\r", "\n")) else safe


def _quoted(piece: str) -> str:
    risky = FORMULA.match(piece) and not NUMBER.fullmatch(piece.strip(" "))
    return f"'{piece}" if risky else piece


def written(rows: Iterable[Sequence[Any]]) -> str:
    """The rows as CSV, each cell in quotes and harmless."""
    file = StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(map(harmless, row) for row in rows)
    return file.getvalue()
