"""An email's parts (MIME, RFC 2046), found without a copy of any and with an end to all.

The standard library reads each head and each part; how they are nested it would read line by line
against every boundary, which costs hours where somebody means it to.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32

from app.providers.inbound_email.charsets import decoded

MOST_PARTS, DEEPEST = 100, 10
# The head of the email itself, and of a part in it: bytes and lines.
HEAD, PARTS_HEAD = (64 * 1024, 2000), (4 * 1024, 60)
LONGEST_VALUE = 2000
LINE_END = ord("\n")
# What was cut off in the middle of four letters, and the line's end.
MOST_CUT = 6
END_OF_HEAD = re.compile(rb"\A\r?\n|\r?\n\r?\n")


class Unreadable(ValueError):
    """It is no email that a mail program has made."""


@dataclass(frozen=True)
class Part:
    head: Message
    body: memoryview

    @property
    def content_type(self) -> str:
        return self._typed().get_content_type()

    @property
    def charset(self) -> str:
        return self.parameter("charset")

    @property
    def file_name(self) -> str:
        return self._typed().get_filename() or ""

    @property
    def content_id(self) -> str:
        return self.field("Content-ID").strip().strip("<>")

    @property
    def is_file(self) -> bool:
        """Whether its sender hung it on, or it is nothing to read as it stands."""
        return (
            self.field("Content-Disposition").strip().lower().startswith("attachment")
            or self.content_type not in ("text/plain", "text/html")
            or bool(self.file_name)
        )

    def field(self, name: str) -> str:
        return str(self.head.get(name, ""))[:LONGEST_VALUE]

    def parameter(self, name: str) -> str:
        """Of the Content-Type; empty: it has none of that name."""
        found = self._typed().get_param(name, "")
        return str(found[2] if isinstance(found, tuple) else found)

    def content(self) -> bytes:
        """Its bytes, decoded as far as they can be."""
        encoding = self.field("Content-Transfer-Encoding").strip().lower()
        if encoding == "base64":
            return _base64(self.body)
        if encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        return bytes(self.body)

    def _typed(self) -> Message:
        """A head of nothing but what says what it is, none of it endless."""
        made = Message(compat32)
        for name in ("Content-Type", "Content-Disposition"):
            if name in self.head:
                made[name] = self.field(name)
        return made


def part(raw: memoryview, limits: tuple[int, int] = HEAD) -> Part:
    """What stands there as a head and its body. Raises Unreadable."""
    longest, most_lines = limits
    end = END_OF_HEAD.search(raw[:longest])
    if end is None and len(raw) > longest:
        raise Unreadable("its head has no end")
    head = bytes(raw[: end.start()] if end else raw)
    if head.count(b"\n") > most_lines:
        raise Unreadable("its head has too many lines")
    # Names in plain UTF-8 are common by now, though no standard of old allows them.
    parsed = HeaderParser(policy=compat32).parsestr(decoded(head))
    return Part(parsed, raw[end.end() :] if end else raw[:0])


def leaves(whole: Part) -> list[Part]:
    """The parts that are made of no others, in their order. Raises Unreadable."""
    found: list[Part] = []
    for leaf in _leaves(whole, 0):
        found.append(leaf)
        if len(found) > MOST_PARTS:
            raise Unreadable("it has too many parts")
    return found


def _leaves(whole: Part, depth: int) -> Iterator[Part]:
    boundary = whole.parameter("boundary")
    if not whole.content_type.startswith("multipart/") or not boundary:
        yield whole
        return
    if depth == DEEPEST:
        raise Unreadable("its parts are nested too deeply")
    for piece in pieces(whole.body, boundary):
        yield from _leaves(part(piece, PARTS_HEAD), depth + 1)


def pieces(body: memoryview, boundary: str) -> Iterator[memoryview]:
    """What stands between the lines of the boundary. Raises Unreadable."""
    begun: int | None = None
    for count, (start, end, last) in enumerate(_delimiters(body, boundary)):
        if count > MOST_PARTS:
            raise Unreadable("it has too many parts")
        if begun is not None:
            yield _lines_within(body[begun:start])
        if last:
            return
        begun = end
    if begun is not None:
        # It was cut off on its way: what there is of the last part is shown.
        yield _lines_within(body[begun:])


def _delimiters(body: memoryview, boundary: str) -> Iterator[tuple[int, int, bool]]:
    """Where each begins and ends, and whether it is the last. A search that began with the end of
    a line would stop at each."""
    line = re.escape(b"--" + boundary.encode("utf-8", "surrogateescape"))
    for found in re.finditer(line + rb"(--)?[ \t]{0,100}(?=\r?\n|\Z)", body):
        if found.start() == 0 or body[found.start() - 1] == LINE_END:
            yield found.start(), found.end(), bool(found[1])


def _lines_within(piece: memoryview) -> memoryview:
    """Without the line end after the delimiter before it, and the one that belongs to the next."""
    begun = piece[2:] if bytes(piece[:1]) == b"\r" else piece[1:]
    ended = begun[:-1] if bytes(begun[-1:]) == b"\n" else begun
    return ended[:-1] if bytes(ended[-1:]) == b"\r" else ended


def _base64(body: memoryview) -> bytes:
    for cut in range(MOST_CUT):
        with suppress(binascii.Error):
            return binascii.a2b_base64(body[: len(body) - cut])
    return b""
