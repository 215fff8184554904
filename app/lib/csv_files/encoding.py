"""The text of a CSV file as programs write it: in one of three encodings, with one of four
separators, with or without Excel's line that names it."""

import codecs
import csv
import io
import re

SEPARATORS = ",;\t|"
NAMED = re.compile(r'"?sep=(.)"?[ ]*\r?\n?', re.IGNORECASE)
# A header in UTF-16 without its mark: every second byte of ASCII is none.
HALVED = re.compile(rb"(?:([^\x00]\x00){4}|(?:\x00[^\x00]){4})")


class NoText(ValueError):
    """It is no text in an encoding that spreadsheets write."""


def text_of(content: bytes) -> str:
    """UTF-8, UTF-16, or else Windows' western European. Raises NoText."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif halved := HALVED.match(content):
        encodings = ("utf-16-le" if halved[1] else "utf-16-be",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Windows' encoding takes nearly every file, a picture too; no text has NULs.
        if "\x00" not in text or encoding == "utf-8-sig":
            return text
    raise NoText


def split(text: str) -> tuple[io.StringIO, str, int]:
    """Its records, the separator, and how many lines come before the header.

    Only CR, LF and CRLF end a line; a cell may hold any other character.
    """
    named = NAMED.match(text)
    if named:
        return io.StringIO(text[named.end() :], newline=""), named[1], 1
    return io.StringIO(text, newline=""), _separator(text), 0


def _separator(text: str) -> str:
    """The one that parts the header into most cells."""
    header = next(io.StringIO(text, newline=""), "")
    return max(SEPARATORS, key=lambda each: len(_cells(header, each)))


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])
