"""Fetches mails of an open mailbox: their sizes first, then each as it is asked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from imap_tools.errors import MailboxFetchError
from imap_tools.utils import check_command_status

from app.providers.imap.imap_errors import passing
from app.providers.imap.imap_session import OpenMailbox
from app.providers.imap.reading import LARGEST, Found

# Of one that is too large: its head, and where that is larger, its beginning.
HEAD = "(BODY.PEEK[HEADER]<0.65536>)"
NUMBER = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
DATE = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')


@dataclass(frozen=True)
class Listed:
    uid: int
    size: int
    at: datetime | None


def mails(mailbox: OpenMailbox, uids: list[int]) -> Iterator[Found]:
    """Those that are still there, each when it is asked for."""
    for mail in _listed(mailbox, uids):
        raw = _whole(mailbox, mail.uid) if mail.size <= LARGEST else None
        if raw is None:
            yield Found(mail.uid, mail.at, mail.size, _head(mailbox, mail.uid), whole=False)
        elif raw:
            yield Found(mail.uid, mail.at, mail.size, raw)


def _listed(mailbox: OpenMailbox, uids: list[int]) -> list[Listed]:
    if not uids:
        return []
    wanted = ",".join(map(str, uids))
    answer = _fetch(mailbox, wanted, "(UID RFC822.SIZE INTERNALDATE)")
    found = {each.uid: each for line in answer if (each := _read(line))}
    return [found[uid] for uid in uids if uid in found]


def _read(line: object) -> Listed | None:
    """A line of the list; None: it is of something else."""
    if not isinstance(line, bytes):
        return None
    uid, size, at = (pattern.search(line) for pattern in (NUMBER, SIZE, DATE))
    return (
        Listed(int(uid[1]), int(size[1]), _moment(at[1] if at else b"")) if uid and size else None
    )


def _moment(text: bytes) -> datetime | None:
    try:
        told = parsedate_to_datetime(text.decode("ascii", "replace").strip())
    except (ValueError, OverflowError):
        return None
    return told if told.tzinfo else None


def _whole(mailbox: OpenMailbox, uid: int) -> bytes | None:
    """By BODY.PEEK, which marks nothing as seen. Empty: it is gone; None: the server cannot give
    it, as Exchange says of some."""
    try:
        fetched = list(mailbox.fetch(uid_list=[str(uid)], mark_seen=False))
    except MailboxFetchError as error:
        if passing(error):
            raise
        return None
    return (fetched[0].raw or None) if fetched else b""  # type: ignore[attr-defined]


def _head(mailbox: OpenMailbox, uid: int) -> bytes:
    """Empty where the server cannot give that either."""
    try:
        answer = _fetch(mailbox, str(uid), HEAD)
    except MailboxFetchError as error:
        if passing(error):
            raise
        return b""
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def _fetch(mailbox: OpenMailbox, uids: str, what: str) -> list[bytes | tuple[bytes, bytes]]:
    """Raises MailboxFetchError."""
    result = mailbox.client.uid("FETCH", uids, what)
    check_command_status(result, MailboxFetchError)
    return list(result[1])
