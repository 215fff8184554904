"""Address books as telephones and programs write them."""

import logging

import pytest

from app.lib.csv_files.csv_rows import BadFile, table
from app.lib.csv_files.vcards import COLUMNS, as_csv, is_vcards

# As a telephone of 2010 writes it: bare types, and quoted-printable that goes on in the next line.
OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:N=C3=BA=C3=B1ez;Jos=
=C3=A9;;;
TEL;CELL:212-555-0177
TEL;HOME;PREF:212-555-0178
TEL;WORK;FAX:212-555-0179
EMAIL;INTERNET:jose@mail.test
END:VCARD
"""
APPLE = """BEGIN:VCARD
VERSION:3.0
N:Becker;Ann;;;
FN:Ann Becker
item1.TEL;type=CELL;type=VOICE;type=pref:+1 (212) 555-0142
item1.X-ABLabel:mobile
EMAIL;type=INTERNET;type=HOME:ann@mail.test
EMAIL;type=INTERNET;type=WORK:ann@work.test
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/
 2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4n
END:VCARD
"""
NEW = """BEGIN:VCARD
VERSION:4.0
FN:Uma Stone
N:Stone;Uma;;;
TEL;VALUE=uri;TYPE="voice,cell":tel:+1-212-555-0179;ext=12
LANG:es
END:VCARD
"""


def rows(text: str, encoding: str = "utf-8") -> list[tuple[int, dict[str, str]]]:
    found = table(as_csv(text.encode(encoding)))
    assert found.header == list(COLUMNS)
    return [(line, dict(zip(COLUMNS, cells, strict=True))) for line, cells in found.records]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_cards_of_all_versions_are_rows_on_their_lines(encoding: str) -> None:
    assert is_vcards((OLD + APPLE + NEW).encode(encoding))
    [(first, jose), (second, ann), (third, uma)] = rows(OLD + APPLE + NEW, encoding)
    assert (first, second, third) == (2, 11, 22)
    assert (jose["first_name"], jose["last_name"]) == ("José", "Núñez")
    assert (jose["phone"], jose["other_phone"]) == ("212-555-0177", "212-555-0178")
    assert (ann["name"], ann["phone"]) == ("Ann Becker", "+1 (212) 555-0142")
    assert (ann["email"], ann["other_email"]) == ("ann@mail.test", "ann@work.test")
    assert (uma["phone"], uma["language"]) == ("+1-212-555-0179", "es")


def test_a_card_that_cannot_be_read_is_told_at_its_line_and_logged_nowhere(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = "BEGIN:VCARD\nVERSION:2.1\nN;ENCODING=BASE64:Secret!!\nBEGIN:X\nEND:VCARD\n"
    odd = "BEGIN:VCARD\nFN:Kay\nSecret is no property\nTEL:212-555-0170\nEND:VCARD\n"
    with caplog.at_level(logging.DEBUG):
        found = rows(broken + odd + NEW)
    assert [line for line, _ in found] == [2, 7, 12]
    assert found[0][1]["phone"] == "a card that cannot be read"
    assert (found[1][1]["name"], found[1][1]["other_phone"]) == ("Kay", "212-555-0170")
    assert "Secret" not in caplog.text + "".join(capsys.readouterr())


def test_a_value_with_line_breaks_stays_in_its_row() -> None:
    [(line, row), (after, _)] = rows(NEW.replace("Uma Stone", 'Uma\\n"Stone"\\,=1') + APPLE)
    assert (line, row["name"], after) == (2, 'Uma "Stone",=1', 9)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (NEW.encode() * 3_001, "more than 3,000 cards"),
        (NEW.encode() + b" " * 9_000_000, "larger than 8 MB"),
        (b"BEGIN:VCARD\x00\x81" * 9 + "\udc81".encode("utf-8", "surrogatepass"), "no text"),
    ],
)
def test_what_is_too_much_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        as_csv(content)


def test_a_table_is_no_address_book() -> None:
    assert not is_vcards(b"name,note\nKay,BEGIN:VCARD\n")
