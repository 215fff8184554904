"""winmail.dat: what is in it is shown in its place, and one that means harm stays what it is."""

import struct
from time import monotonic

import pytest

from app.providers import inbound_email
from app.providers.inbound_email import winmail
from tests.support.email_in import written

PDF = b"%PDF-1.7 " + bytes(range(256))
MESSAGE, FILE = 1, 2


def piece(level: int, name: int, kind: int, data: bytes) -> bytes:
    """[MS-OXTNEF] 2.1.3.1."""
    return (
        struct.pack("<BHHI", level, name, kind, len(data))
        + data
        + struct.pack("<H", sum(data) & 0xFFFF)
    )


def tnef(*pieces: bytes) -> bytes:
    version = piece(MESSAGE, 0x9006, 8, struct.pack("<I", 0x10000))
    codepage = piece(MESSAGE, 0x9007, 6, struct.pack("<II", 1252, 0))
    return struct.pack("<IH", 0x223E9F78, 1) + version + codepage + b"".join(pieces)


BODY = piece(MESSAGE, 0x800C, 2, "Grüße, as Outlook says".encode("cp1252") + b"\x00")
PLAN = (
    piece(FILE, 0x9002, 6, bytes(14))
    + piece(FILE, 0x8010, 1, b"plan.pdf\x00")
    + piece(FILE, 0x800F, 6, PDF)
)


def received(content: bytes, text: str = "\n") -> tuple[str, list[tuple[str, str, bytes]]]:
    """What an email says to which it hangs, and its files."""
    mail = written(text, Subject="")
    mail.add_attachment(content, "application", "ms-tnef", filename="winmail.dat")
    came = inbound_email.received("message/rfc822", mail.as_bytes())
    assert came.letter
    return came.body, [(f.content_type, f.name, f.content) for f in came.letter.files]


def test_its_text_and_its_files_stand_in_its_place() -> None:
    body, files = received(tnef(BODY, PLAN))
    assert body == "Grüße, as Outlook says"
    assert files == [("application/pdf", "plan.pdf", PDF)]


def test_what_the_email_says_itself_counts_first() -> None:
    assert received(tnef(BODY, PLAN), "See the plan")[0] == "See the plan"


def test_of_one_that_is_read_in_part_nothing_is_lost() -> None:
    content = tnef(BODY, PLAN, piece(FILE, 0x9002, 6, bytes(14)))
    files = [("application/pdf", "plan.pdf", PDF), ("application/ms-tnef", "winmail.dat", content)]
    assert received(content) == ("Grüße, as Outlook says", files)


MANY = struct.pack("<I", 0xFFFFFFFF)
EMBEDDED = bytes.fromhex("0703020000000000c000000000000046")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no TNEF at all",
        tnef()[:9],
        tnef(piece(MESSAGE, 0x9003, 6, MANY)),
        tnef(piece(MESSAGE, 0x9004, 6, MANY)),
        tnef(piece(MESSAGE, 0x9003, 6, struct.pack("<IHHI", 1, 0x1002, 1, 0xFFFFFFFF))),
        tnef(piece(FILE, 0x800F, 6, PDF)),
        tnef(*[piece(MESSAGE, 0x8020, 3, b"")] * 400_000),
        tnef(piece(FILE, 0x9002, 6, b""), piece(FILE, 0x9005, 6, EMBEDDED * 1000)),
    ],
    ids=range(9),
)
def test_one_that_cannot_be_read_or_has_no_end_is_kept_whole(content: bytes) -> None:
    begun = monotonic()
    assert received(content) == ("", [("application/ms-tnef", "winmail.dat", content)])
    assert monotonic() - begun < winmail.SECONDS + 5
