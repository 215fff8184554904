"""What came into a mailbox since it was read last.

Whether a mail is marked as seen says nothing: people read the mailbox, too. So the UIDs that were
read are remembered (RFC 3501, 2.3.1.1), and as they mean nothing once the folder has another
UIDVALIDITY, it is then gone through anew, from some days before it was read last.
"""

from dataclasses import replace
from datetime import date
from time import monotonic

from imap_tools import AND

from app.providers.imap.fetch_mail import mails
from app.providers.imap.imap_errors import MailboxError, told_apart
from app.providers.imap.imap_session import Numbering, OpenMailbox, opened
from app.providers.imap.reading import MB, Access, Found, Mark, Turn

# One look takes so much at most; what is left comes at the next.
TURN_SECONDS = 45.0
MOST_MAILS, MOST_TOGETHER = 50, 16 * MB
TEST_SECONDS = 20.0


def try_out(access: Access) -> Mark:
    """Sign in, open the folder, and say up to which mail it is full now. Raises MailboxError."""
    with opened(access, monotonic() + TEST_SECONDS) as (mailbox, numbering):
        return _newest(mailbox, numbering)


def read_new(access: Access, mark: Mark, read_on: date, seconds: float = TURN_SECONDS) -> Turn:
    """What came after the mark, the eldest first; read_on: a day up to which all was read, whatever
    the mark says. Nothing in the mailbox is changed by it.

    Raises MailboxError where nothing could be read; where some could, the turn names the trouble.
    """
    with opened(access, monotonic() + seconds) as (mailbox, numbering):
        return _turn(mailbox, numbering, resumed(mark, numbering, read_on))


def resumed(mark: Mark, numbering: Numbering, read_on: date) -> Mark:
    """Where to go on. A server that keeps its UIDVALIDITY and gives numbers a second time has
    numbered anew likewise."""
    same = mark.uid_validity == numbering.uid_validity
    if same and (numbering.next_uid is None or numbering.next_uid > mark.last_uid):
        return mark
    return Mark(numbering.uid_validity, 0, read_on)


def _newest(mailbox: OpenMailbox, numbering: Numbering) -> Mark:
    if numbering.next_uid is not None:
        return Mark(numbering.uid_validity, numbering.next_uid - 1)
    last = max(map(int, mailbox.uids("UID *", charset=None)), default=0)
    return Mark(numbering.uid_validity, last)


def _turn(mailbox: OpenMailbox, numbering: Numbering, mark: Mark) -> Turn:
    uids = _new_uids(mailbox, mark)
    taken, found = uids[:MOST_MAILS], list[Found]()
    try:
        with told_apart():
            for mail in mails(mailbox, taken):
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


def _new_uids(mailbox: OpenMailbox, mark: Mark) -> list[int]:
    """Those after the mark. A range to * has the newest in it even where that comes before."""
    wanted = f"UID {mark.last_uid + 1}:*"
    if mark.since:
        wanted += f" {AND(date_gte=mark.since, sent_date_gte=mark.since)}"
    return sorted(
        uid for uid in map(int, mailbox.uids(wanted, charset=None)) if uid > mark.last_uid
    )


def _all_read(mark: Mark, numbering: Numbering, taken: list[int]) -> Mark:
    """Up to the newest, also past those that are older than was asked for."""
    newest = (numbering.next_uid or 1) - 1
    return Mark(mark.uid_validity, max(mark.last_uid, newest, *taken))
