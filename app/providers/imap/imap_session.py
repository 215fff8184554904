"""A mailbox that is open: signed in, its folder opened to be read and not changed (EXAMINE)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4

from imap_tools import BaseMailBox
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError

from app.providers.imap.connection import Connection
from app.providers.imap.imap_errors import MailboxError, Trouble, passing, told_apart
from app.providers.imap.reading import Access

MOST_FOLDERS = 50
# Of Microsoft, after it took the token: that user has no such mailbox, or it allows no IMAP.
NOT_LET_IN = "authenticated but not connected"


class Fetched:
    """A mail as the server gave it; imap-tools would take it apart by the standard library, which
    somebody's nesting keeps busy for hours (app/providers/inbound_email/parts.py)."""

    def __init__(self, answer: list[bytes | tuple[bytes, bytes]]) -> None:
        literals = [part[1] for part in answer if isinstance(part, tuple) and b"BODY[" in part[0]]
        self.raw = literals[0] if literals else b""


class OpenMailbox(BaseMailBox):
    email_message_class = Fetched  # type: ignore[assignment]

    def __init__(self, access: Access, until: float) -> None:
        self._access, self._until = access, until
        super().__init__()

    def _get_mailbox_client(self) -> IMAP4:
        return Connection(self._access, self._until)


@dataclass(frozen=True)
class Numbering:
    """How a folder numbers its mails, as it was when it was opened."""

    uid_validity: int
    next_uid: int | None
    """None: the server does not say."""


@contextmanager
def opened(access: Access, until: float) -> Iterator[tuple[OpenMailbox, Numbering]]:
    """The open mailbox, until that time (time.monotonic). Raises MailboxError."""
    with told_apart():
        mailbox = OpenMailbox(access, until)
        try:
            _sign_in(mailbox, access)
            yield mailbox, _examine(mailbox, access)
        finally:
            with suppress(Exception):
                mailbox.client.logout()
            mailbox.client.shutdown()


def _sign_in(mailbox: OpenMailbox, access: Access) -> None:
    try:
        if access.token:
            mailbox.xoauth2(access.user, access.secret, None)
        elif (access.user + access.secret).isascii():
            mailbox.login(access.user, access.secret, None)
        else:
            mailbox.login_utf8(access.user, access.secret, None)
    except IMAP4.abort:
        raise
    except (MailboxLoginError, IMAP4.error) as error:
        refused = Trouble.TOKEN_REFUSED if access.token else Trouble.REFUSED
        raise MailboxError(Trouble.BUSY if passing(error) else refused) from None


def _examine(mailbox: OpenMailbox, access: Access) -> Numbering:
    try:
        mailbox.folder.set(access.folder, readonly=True)
    except MailboxFolderSelectError as error:
        if passing(error):
            raise MailboxError(Trouble.BUSY) from None
        raise MailboxError(Trouble.FOLDER, _folders(mailbox)) from None
    except IMAP4.error as error:
        if NOT_LET_IN in str(error):
            raise MailboxError(Trouble.TOKEN_REFUSED) from None
        raise
    validity, following = (_told(mailbox, code) for code in ("UIDVALIDITY", "UIDNEXT"))
    return Numbering(validity or 0, following)


def _told(mailbox: OpenMailbox, code: str) -> int | None:
    """What a response code of the server's says, if it has said it."""
    _, [value, *_] = mailbox.client.response(code)
    return int(value) if isinstance(value, bytes) and value.isdigit() else None


def _folders(mailbox: OpenMailbox) -> tuple[str, ...]:
    """Those that mails can stand in."""
    listed = [each for each in mailbox.folder.list() if "\\Noselect" not in each.flags]
    return tuple(each.name for each in listed[:MOST_FOLDERS])
