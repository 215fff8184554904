"""CSV cells that a spreadsheet does not run."""

import re
from typing import Any

# What spreadsheets take for the beginning of a formula (OWASP, CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Telephone numbers and plain numbers begin so too, and cannot do anything.
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?( \+\d+)*")


def harmless(value: Any) -> Any:
    """The value; a text that could be a formula gets an apostrophe in front."""
    if value is None:
        return ""
    text = str(value)
    if text.startswith(DANGEROUS) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text
