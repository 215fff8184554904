"""What is read of a mailbox: where, from which mail on, and what was found."""

from dataclasses import dataclass, field
from datetime import date, datetime

from app.lib.outside.networks import PrivateNetwork
from app.providers.imap.imap_errors import Trouble

MB = 1024 * 1024
# Larger ones are shown by their head: as much as Gmail lets through, and as the webhook takes.
LARGEST = 26 * MB


@dataclass(frozen=True)
class Access:
    """How one comes into a mailbox."""

    host: str
    port: int
    tls: bool
    """Whether TLS begins with the connection; else by STARTTLS. Without it nothing is said."""
    user: str
    secret: str = field(repr=False)
    """The password, or the access token."""
    token: bool = False
    """Whether the secret is an access token (XOAUTH2)."""
    folder: str = "INBOX"
    private: tuple[PrivateNetwork, ...] = ()
    """Where the server may be though it is not public."""


@dataclass(frozen=True)
class Mark:
    """Up to which mail a folder was read: UIDs mean something beside their UIDVALIDITY alone."""

    uid_validity: int
    last_uid: int
    since: date | None = None
    """The folder was numbered anew, and is gone through from this day on; None: it was not."""


@dataclass(frozen=True)
class Found:
    """A mail that was not read before."""

    uid: int
    at: datetime | None
    """When it came into the mailbox, as the server says; None: it does not."""
    size: int
    raw: bytes = field(repr=False)
    whole: bool = True
    """False: it is too large, or the server cannot give it; then as much of its head as there is
    stands in its place."""


@dataclass(frozen=True)
class Turn:
    """What one look into a mailbox found."""

    begun: Mark
    """Where it went on."""
    mark: Mark
    """Up to which mail it was read, once all that was found is stored."""
    found: tuple[Found, ...] = ()
    more: bool = False
    """Whether there was more than one turn takes."""
    trouble: Trouble | None = None
    """Why it ended before its time; what was found until then counts."""
