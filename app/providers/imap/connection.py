"""A connection to an IMAP server: to an address that was checked, under TLS from the first word or
from STARTTLS on, never without; it ends by a given time, however the server drips."""

import imaplib
import ssl
from collections.abc import Collection
from contextlib import suppress
from socket import MSG_PEEK, SHUT_RDWR, socket
from time import monotonic
from typing import Any

from app.lib.outside.networks import PrivateNetwork
from app.lib.outside.outside_address import (
    IMAP_PORTS,
    Checked,
    Refused,
    checked_address,
    connect,
    tls,
)
from app.lib.outside.timed_socket import TimedSocket, left
from app.providers.imap.imap_errors import MailboxError, TooMuch, Trouble
from app.providers.imap.reading import LARGEST, MB, Access

CONNECT_SECONDS, GREETING_SECONDS = 15.0, 10.0
# A list of two hundred thousand UIDs.
LONGEST_LINE = 2 * MB
# imaplib keeps each; a turn needs some hundreds, a list of folders some thousands.
MOST_LINES = 20_000
# Of one mail: servers reckon sizes, and Exchange is known to reckon wrong.
LONGEST_LITERAL = LARGEST + 2 * MB
# In all: more than a turn's mails together (new_mail.py).
MOST_BYTES = 64 * MB


class Connection(imaplib.IMAP4):
    """Raises MailboxError where the host may not be called, beside the errors of sockets, ssl and
    imaplib."""

    def __init__(self, access: Access, until: float) -> None:
        self._tls, self._until = access.tls, until
        self._checked = checked(access.host, access.port, access.private)
        super().__init__(self._checked.host, access.port)
        if not access.tls:
            self._begin_tls()

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self._listen(connect(self._checked, min(self._until, monotonic() + CONNECT_SECONDS)))
        if self._tls:
            self._secure()
        else:
            self._be_greeted()

    def _be_greeted(self) -> None:
        """Raises ssl.SSLError where the server says nothing: it waits for TLS."""
        try:
            self.sock.settimeout(min(left(self._until), GREETING_SECONDS))
            self.sock.recv(1, MSG_PEEK)
        except TimeoutError as error:
            self.shutdown()
            raise ssl.SSLError("the server waits for TLS") from error

    def _begin_tls(self) -> None:
        """Raises ssl.SSLError where the server has no TLS."""
        try:
            if "STARTTLS" not in self.capabilities:
                raise ssl.SSLError("the server has no TLS")
            if self._simple_command("STARTTLS")[0] != "OK":
                raise ssl.SSLError("the server does not begin TLS")
            self._secure()
            self._get_capabilities()
        except BaseException:
            self.shutdown()
            raise

    def _secure(self) -> None:
        """What came before is forgotten with its buffer: anybody on the way may have said it."""
        try:
            self.sock.settimeout(left(self._until))
            self._listen(tls().wrap_socket(self.sock, server_hostname=self._checked.host))
        except BaseException:
            self.shutdown()
            raise

    def _listen(self, connected: socket) -> None:
        self.sock = connected
        self._timed = TimedSocket(connected, self._until, MOST_BYTES)
        self._received, self._lines = self._timed.makefile(), 0

    def read(self, size: int) -> bytes:
        if size > LONGEST_LITERAL:
            raise TooMuch
        return self._received.read(size)

    def readline(self) -> bytes:
        line = self._received.readline(LONGEST_LINE)
        self._lines += 1
        if len(line) == LONGEST_LINE or self._lines > MOST_LINES:
            raise TooMuch
        return line

    def send(self, data: Any) -> None:
        self._timed.sendall(data)

    def shutdown(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(SHUT_RDWR)
        self.sock.close()


def checked(host: str, port: int, private: Collection[PrivateNetwork]) -> Checked:
    """Raises MailboxError: of what is not public no more is told than of what is not there."""
    try:
        return checked_address(host, port, IMAP_PORTS, private)
    except Refused as error:
        wrong = Trouble.PORT if port not in IMAP_PORTS else Trouble.HOST_UNKNOWN
        raise MailboxError(wrong) from error
