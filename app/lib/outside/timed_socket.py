"""A connection whose other side can neither keep us for ever nor fill our memory."""

import io
import socket
from time import monotonic


class TimedSocket:
    """As much of a connected socket as http.client, imaplib and smtplib use; it ends at a time
    (monotonic) and after so many bytes, whatever drips in. A socket's own timeout is for one read.

    Whoever made the connection closes it.
    """

    def __init__(self, connection: socket.socket, until: float, most: int) -> None:
        self._connection, self._until, self._most = connection, until, most

    def sendall(self, content: bytes) -> None:
        """Raises OSError."""
        self._connection.settimeout(left(self._until))
        self._connection.sendall(content)

    def makefile(self, mode: str = "rb") -> io.BufferedReader:
        """What comes in. Reading raises OSError where it is late or too much."""
        return io.BufferedReader(_Incoming(self._connection, self._until, self._most))

    def close(self) -> None:
        """Nothing: what has come may still be read."""


class _Incoming(io.RawIOBase):
    def __init__(self, connection: socket.socket, until: float, most: int) -> None:
        self._connection, self._until, self._left = connection, until, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            raise OSError("It is too much.")
        self._connection.settimeout(left(self._until))
        count = self._connection.recv_into(buffer[: self._left])
        self._left -= count
        return count


def left(until: float) -> float:
    """The seconds until then. Raises TimeoutError where there are none."""
    seconds = until - monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
