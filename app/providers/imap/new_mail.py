"""What came into a mailbox since it was read last.

Whether a mail is marked as seen says nothing: people read the mailbox, too. So the UIDs that were
read are remembered (RFC 3501, 2.3.1.1), and as they mean nothing once the folder has another
UIDVALIDITY, it is then gone through anew, from some days before it was read last.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from imap_tools import AND
from imap_tools.errors import MailboxFetchError
from imap_tools.utils import check_command_status

from app.providers.imap.imap_errors import MailboxError, passing, told_apart
from app.providers.imap.imap_session import Numbering, Session, opened
from app.providers.imap.reading import LARGEST, MB, Access, Found, Mark, Turn

# One look takes so much at most; what is left comes at the next.
TURN_SECONDS = 45.0
MOST_MAILS, MOST_TOGETHER = 50, 30 * MB
TEST_SECONDS = 20.0
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


def try_out(access: Access) -> Mark:
    """Sign in, open the folder, and say up to which mail it is full now. Raises MailboxError."""
    with opened(access, monotonic() + TEST_SECONDS) as (session, numbering):
        return _newest(session, numbering)


def read_new(access: Access, mark: Mark, read_on: date, seconds: float = TURN_SECONDS) -> Turn:
    """What came after the mark, the eldest first; read_on: a day up to which all was read, whatever
    the mark says. Nothing in the mailbox is changed by it.

    Raises MailboxError where nothing could be read; where some could, the turn names the trouble.
    """
    with opened(access, monotonic() + seconds) as (session, numbering):
        return _turn(session, numbering, resumed(mark, numbering, read_on))


def resumed(mark: Mark, numbering: Numbering, read_on: date) -> Mark:
    """Where to go on. A server that keeps its UIDVALIDITY and gives numbers a second time has
    numbered anew likewise."""
    same = mark.uid_validity == numbering.uid_validity
    if same and (numbering.next_uid is None or numbering.next_uid > mark.last_uid):
        return mark
    return Mark(numbering.uid_validity, 0, read_on)


def _newest(session: Session, numbering: Numbering) -> Mark:
    if numbering.next_uid is not None:
        return Mark(numbering.uid_validity, numbering.next_uid - 1)
    last = max(map(int, session.uids("UID *", charset=None)), default=0)
    return Mark(numbering.uid_validity, last)


def _turn(session: Session, numbering: Numbering, mark: Mark) -> Turn:
    uids = _new_uids(session, mark)
    taken, found = uids[:MOST_MAILS], list[Found]()
    try:
        with told_apart():
            for mail in _mails(session, taken):
                found.append(mail)
                if sum(len(each.raw) for each in found) > MOST_TOGETHER:
                    taken = [uid for uid in taken if uid <= mail.uid]
                    break
    except MailboxError as error:
        if not found:
            raise
        return Turn(mark, replace(mark, last_uid=found[-1].uid), tuple(found), True, error.trouble)
    if len(taken) < len(uids):
        return Turn(mark, replace(mark, last_uid=taken[-1]), tuple(found), more=True)
    return Turn(mark, _all_read(mark, numbering, taken), tuple(found))


def _new_uids(session: Session, mark: Mark) -> list[int]:
    """Those after the mark. A range to * has the newest in it even where that comes before."""
    wanted = f"UID {mark.last_uid + 1}:*"
    if mark.since:
        wanted += f" {AND(date_gte=mark.since, sent_date_gte=mark.since)}"
    return sorted(
        uid for uid in map(int, session.uids(wanted, charset=None)) if uid > mark.last_uid
    )


def _all_read(mark: Mark, numbering: Numbering, taken: list[int]) -> Mark:
    """Up to the newest, also past those that are older than was asked for."""
    newest = (numbering.next_uid or 1) - 1
    return Mark(mark.uid_validity, max(mark.last_uid, newest, *taken))


def _mails(session: Session, uids: list[int]) -> Iterator[Found]:
    """Those that are still there, each when it is asked for."""
    for mail in _listed(session, uids):
        raw = _whole(session, mail.uid) if mail.size <= LARGEST else None
        if raw is None:
            yield Found(mail.uid, mail.at, mail.size, _head(session, mail.uid), whole=False)
        elif raw:
            yield Found(mail.uid, mail.at, mail.size, raw)


def _listed(session: Session, uids: list[int]) -> list[Listed]:
    if not uids:
        return []
    wanted = ",".join(map(str, uids))
    answer = _fetch(session, wanted, "(UID RFC822.SIZE INTERNALDATE)")
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


def _whole(session: Session, uid: int) -> bytes | None:
    """By BODY.PEEK, which marks nothing as seen. Empty: it is gone; None: the server cannot give
    it, as Exchange says of some."""
    try:
        fetched = list(session.fetch(uid_list=[str(uid)], mark_seen=False))
    except MailboxFetchError as error:
        if passing(error):
            raise
        return None
    return (fetched[0].raw or None) if fetched else b""  # type: ignore[attr-defined]


def _head(session: Session, uid: int) -> bytes:
    """Empty where the server cannot give that either."""
    try:
        answer = _fetch(session, str(uid), HEAD)
    except MailboxFetchError as error:
        if passing(error):
            raise
        return b""
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def _fetch(session: Session, uids: str, what: str) -> list[bytes | tuple[bytes, bytes]]:
    """Raises MailboxFetchError."""
    result = session.client.uid("FETCH", uids, what)
    check_command_status(result, MailboxFetchError)
    return list(result[1])
