"""What hinders reading a mailbox, each by a code of its own."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from imaplib import IMAP4

from imap_tools.errors import ImapToolsError


class Trouble(StrEnum):
    HOST_UNKNOWN = "host_unknown"
    """It is not on the public internet, or not there at all."""
    PORT = "port"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    NO_TLS = "no_tls"
    CERTIFICATE = "certificate"
    REFUSED = "refused"
    """User name or password are wrong, or the mailbox allows no IMAP."""
    BUSY = "busy"
    """The server lets nobody in now, or not so many (RFC 5530)."""
    FOLDER = "folder"
    PROTOCOL = "protocol"
    """It answers otherwise than an IMAP server, or hung up in the midst."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105
    """The mail server does not take what Google or Microsoft gave us."""
    TOKEN_DEAD = "token_dead"  # noqa: S105
    """Google or Microsoft do not take the refresh token any more."""
    TOKEN_UNTOLD = "token_untold"  # noqa: S105
    """Google or Microsoft could not be asked for an access token."""
    NOT_SET_UP = "not_set_up"
    """The operator's client of Google or Microsoft is not set up any more."""
    SECRET_LOST = "secret_lost"  # noqa: S105
    """What is stored was sealed with a key that is gone."""
    NO_PASSWORD = "no_password"  # noqa: S105
    """The stored one is for another server, or another user."""
    NO_ADDRESS = "no_address"
    """Google or Microsoft do not say whose mailbox it is."""
    FAULT = "fault"
    """Our own code broke over it."""


class MailboxError(Exception):
    def __init__(self, trouble: Trouble, folders: tuple[str, ...] = ()) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.folders = folders
        """Those that there are, where the one that is meant is not among them."""


# What a server says that does not want now (RFC 5530); all else it will not do later either.
LATER = ("[unavailable]", "[inuse]", "[limit]", "too many", "temporar", "try again")


def passing(error: Exception) -> bool:
    """Whether the server refused something that it may do later."""
    return any(word in str(error).lower() for word in LATER)


class TooMuch(Exception):
    """The server sends more than anybody asked for."""


# The first that fits.
CAUSES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Trouble], ...] = (
    (ssl.SSLCertVerificationError, Trouble.CERTIFICATE),
    (ssl.SSLEOFError, Trouble.PROTOCOL),
    (ssl.SSLError, Trouble.NO_TLS),
    (TimeoutError, Trouble.SLOW),
    ((ConnectionResetError, BrokenPipeError), Trouble.PROTOCOL),
    (OSError, Trouble.UNREACHABLE),
    # imaplib and imap-tools take a server by its word, and stumble over one that is none.
    ((IMAP4.error, ImapToolsError, TooMuch, ValueError, LookupError), Trouble.PROTOCOL),
    ((TypeError, AttributeError, AssertionError), Trouble.PROTOCOL),
)


@contextmanager
def told_apart() -> Iterator[None]:
    """Raises MailboxError in the place of what sockets and the libraries raise."""
    try:
        yield
    except MailboxError:
        raise
    except Exception as error:
        trouble = next((told for kind, told in CAUSES if isinstance(error, kind)), None)
        if trouble is None:
            raise
        raise MailboxError(trouble) from error
