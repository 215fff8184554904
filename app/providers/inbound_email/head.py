"""What the head of an email says, decoded, and no more of it than a person would read."""

import re
from collections.abc import Iterable
from datetime import UTC
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from itertools import islice

from email_validator import EmailNotValidError, validate_email

from app.lib.mail.display_name import strangers_name
from app.lib.text.cleaning import clean, one_line, shows

LONGEST_VALUE = 2000
LONGEST_SUBJECT, LONGEST_NAME = 500, 100
# A Message-ID, and so many of them as belong to one thread (RFC 5322, 3.6.4).
ID = re.compile(r"<[^<>\s]{1,300}>")
MOST_IDS = 50
MOST_HEADERS = 1000
# Whoever hands a mail on says beside To whom it went to.
DESTINATIONS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
ADDRESS = re.compile(r"""[^\s<>,;:"()\[\]@]{1,64}@[^\s<>,;:"()\[\]@]{1,255}""")
MOST_ADDRESSES = 50


def head_of(headers: Iterable[tuple[str, str]]) -> Message:
    """A head that has these names and values."""
    made = Message()
    for name, value in islice(headers, MOST_HEADERS):
        made[name] = value
    return made


def field(head: Message, name: str) -> str:
    """The first header of the name, decoded, on one line; empty: there is none."""
    raw = str(head.get(name, ""))[:LONGEST_VALUE]
    try:
        said = str(make_header(decode_header(raw)))
    # Among them a charset whose name is not ASCII (CharsetError).
    except (MessageError, LookupError, ValueError):
        said = raw
    return one_line(clean(said))


def sender(head: Message) -> tuple[str, str]:
    """(name, address) of whoever wrote it, the address in small letters; empty: it names none that
    an answer could go to."""
    # Apart before it is decoded: a name may have an @ in it.
    name, written = _parsed(head, "From")
    named = Message()
    named["From"] = name
    # A name that is an address would be read as where it comes from.
    shown = strangers_name(field(named, "From"))[:LONGEST_NAME]
    return (shown if shows(shown) else ""), address(written)


def first_named(head: Message, name: str) -> str:
    """The address of the first that the header names."""
    return _parsed(head, name)[1]


def _parsed(head: Message, name: str) -> tuple[str, str]:
    try:
        return parseaddr(str(head.get(name, ""))[:LONGEST_VALUE])
    except RecursionError:
        # Comments within comments.
        return "", ""


def address(text: str) -> str:
    """The address as it is stored; empty: it is none."""
    try:
        checked = validate_email(
            clean(text).strip(), check_deliverability=False, test_environment=True
        )
    except EmailNotValidError:
        return ""
    return checked.normalized.lower()


def subject(head: Message) -> str:
    return field(head, "Subject")[:LONGEST_SUBJECT]


def moment(head: Message) -> str:
    """When it says that it was written, the same however that is put."""
    written = field(head, "Date")
    try:
        return parsedate_to_datetime(written).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return written


def message_id(head: Message) -> str:
    found = ID.search(field(head, "Message-ID"))
    return found[0] if found else ""


def recipients(head: Message, envelope: str = "") -> tuple[str, ...]:
    """Whom it says that it went to, in small letters, by the envelope first."""
    written = (_long(head, name) for name in DESTINATIONS)
    found = ADDRESS.findall(" ".join((clean(envelope[:LONGEST_VALUE]), *written)).lower())
    return tuple(dict.fromkeys(found))[:MOST_ADDRESSES]


def answers(head: Message) -> tuple[str, ...]:
    """What it answers, the eldest first: References, and In-Reply-To where that is not there."""
    named = [*ID.findall(_long(head, "References")), *ID.findall(_long(head, "In-Reply-To"))]
    # The last naming of each counts.
    return tuple(reversed(dict.fromkeys(reversed(named))))[-MOST_IDS:]


def _long(head: Message, name: str) -> str:
    return clean(str(head.get(name, ""))[-20_000:])


def marks(head: Message) -> dict[str, str]:
    """All of it, by names in small letters; of what comes twice the first."""
    found: dict[str, str] = {}
    for name, value in head.items():
        found.setdefault(name.lower(), str(value)[:LONGEST_VALUE])
    return found
