"""Cells in which a spreadsheet finds nothing to run (OWASP, CSV injection), and the way back."""

import re
from typing import Any

# Where a spreadsheet may begin a cell, whatever the file's own separator is.
SEPARATOR = re.compile(r"([,;|\t\r\n])")
# Blanks, marks that nobody sees and quotes may stand before it; the full-width signs are taken for
# the plain ones.
FORMULA = re.compile(
    r"""[\s"'\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*[=+\-@＝＋－＠]"""
)
# Telephone numbers and plain numbers begin so too, and cannot do anything.
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?( \+\d+)*")


def harmless(value: Any) -> str:
    """The value as text; an apostrophe stands before whatever could be a formula."""
    text = "" if value is None else str(value)
    safe = "".join(map(_quoted, SEPARATOR.split(text)))
    return f"'{safe}" if safe.startswith(("\t", "\r", "\n")) else safe


def plain(cell: str) -> str:
    """What harmless was given, without those apostrophes."""
    cell = cell[1:] if cell.startswith(("'\t", "'\r", "'\n")) else cell
    return "".join(map(_bare, SEPARATOR.split(cell)))


def _quoted(piece: str) -> str:
    risky = FORMULA.match(piece) and not NUMBER.fullmatch(piece.strip(" "))
    return f"'{piece}" if risky else piece


def _bare(piece: str) -> str:
    return piece[1:] if piece.startswith("'") and FORMULA.match(piece) else piece
