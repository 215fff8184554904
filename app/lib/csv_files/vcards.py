"""vCards (2.1, 3.0 and 4.0: RFC 2426, RFC 6350) as the rows of a CSV file with our columns."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import vobject

from app.lib.csv_files.csv_rows import BadFile
from app.lib.csv_files.encoding import NoText, text_of
from app.lib.csv_files.header import SEVERAL

BEGIN = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*b\x00?e\x00?g\x00?i\x00?n\x00?:", re.I)
CARD = re.compile(r"^BEGIN:VCARD[ \t]*$.*?^END:VCARD[ \t]*$", re.I | re.M | re.S)
# Pictures and the like, with the lines on which they go on.
HEAVY = re.compile(
    r"^(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:][^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.I | re.M
)
COLUMNS = (
    "name",
    "last_name",
    "first_name",
    "phone",
    "other_phone",
    "email",
    "other_email",
    "language",
)
LARGEST = 8 * 1024 * 1024
# Each takes half a millisecond while somebody waits.
MOST = 3_000
MOBILE, NO_TELEPHONE = {"cell", "mobile", "iphone"}, {"fax", "pager", "modem"}
UNREADABLE = "a card that cannot be read"

# It would log what it cannot read: names and telephones.
vobject.base.logger.disabled = True


def is_vcards(content: bytes) -> bool:
    return BEGIN.match(content) is not None


def as_csv(content: bytes) -> bytes:
    """Each card is a row, on the line on which the card says its name. Raises BadFile."""
    if len(content) > LARGEST:
        raise BadFile(f"it is larger than {LARGEST // 1024**2} MB: split it into several")
    try:
        text = text_of(content).replace("\r\n", "\n").replace("\r", "\n")
    except NoText:
        raise BadFile("it is no text: save it as vCards (.vcf)") from None
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    rows.writerow(COLUMNS)
    written = 1
    for line, cells in _cards(text):
        file.write("\n" * (line - written - 1))
        rows.writerow(cells)
        written = line
    return file.getvalue().encode()


def _cards(text: str) -> Iterator[tuple[int, list[str]]]:
    line, end = 1, 0
    for number, found in enumerate(CARD.finditer(text), start=1):
        if number > MOST:
            raise BadFile(f"it has more than {MOST:,} cards: split it into several")
        line += text.count("\n", end, found.start())
        end = found.start()
        # After BEGIN: the header of the rows stands on the first line.
        yield line + 1, _row(found[0])


def _row(card: str) -> list[str]:
    try:
        read = vobject.readOne(HEAVY.sub("NOTE:", card), allowQP=True, ignoreUnreadable=True)
        cells = _cells(read.contents)
    except Exception:  # whatever stands in a stranger's file, the next card may be whole
        cells = {"phone": UNREADABLE}
    return [" ".join(cells.get(name, "").split()) for name in COLUMNS]


def _cells(card: dict[str, list[Any]]) -> dict[str, str]:
    name = card["n"][0].value if "n" in card else None
    called = [*card.get("fn", ()), *card.get("nickname", ()), *card.get("org", ())]
    telephones = [(_types(each), _number(each.value)) for each in card.get("tel", ())]
    mobile = [number for types, number in telephones if types & MOBILE]
    other = [number for types, number in telephones if not types & (MOBILE | NO_TELEPHONE)]
    emails = [_text(each.value) for each in card.get("email", ())]
    return {
        "name": next((text for each in called if (text := _text(each.value))), ""),
        "last_name": _text(name.family) if name else "",
        "first_name": _text(name.given) if name else "",
        "phone": next(iter(mobile), ""),
        "other_phone": SEVERAL.join([*mobile[1:], *other]),
        "email": next(iter(emails), ""),
        "other_email": SEVERAL.join(emails[1:]),
        "language": _text(card["lang"][0].value) if "lang" in card else "",
    }


def _types(line: Any) -> set[str]:
    """As TYPE=cell, as TYPE="voice,cell", and bare as in 2.1: TEL;CELL."""
    said = [*line.singletonparams, *line.params.get("TYPE", ())]
    return {word.strip().lower() for each in said for word in each.split(",")}


def _number(value: Any) -> str:
    """Also of a URI (RFC 3966): tel:+1-212-555-0177;ext=12."""
    return re.sub(r"^tel:", "", _text(value).partition(";")[0], flags=re.I)


def _text(value: Any) -> str:
    return (
        " ".join(map(str, value))
        if isinstance(value, Iterable) and not isinstance(value, str)
        else str(value or "")
    )
