"""What a mail server and we say to each other comes to an end, drip by drip as it may come."""

import smtplib
from time import monotonic
from typing import Any

# For one step of the dialogue.
STEP_SECONDS = 8.0


class Dialogue(smtplib.SMTP):
    """Whose every answer is there by `until`, or is none: a socket's own timeout is for one read,
    and whoever says a letter a second, or never comes to a last line, is never late by it."""

    def __init__(self, host: str, port: int, domain: str, until: float, **more: Any) -> None:
        self.until = until
        # Without a name smtplib asks for this machine's, for which some resolvers take seconds.
        super().__init__(host, port, domain, timeout=STEP_SECONDS, **more)

    def getreply(self) -> tuple[int, bytes]:
        # smtplib drops it where the connection becomes another, and so what was said in clear.
        if self.file is None:
            self.file = _Lines(self)
        return super().getreply()


class EncryptedDialogue(Dialogue, smtplib.SMTP_SSL):
    """Encrypted from the first word on."""


class _Lines:
    """What smtplib reads answers from."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue, self._said = dialogue, b""

    def readline(self, most: int) -> bytes:
        """The next line, or so much of it; empty where the server has hung up. Raises OSError."""
        while b"\n" not in self._said and len(self._said) < most and (more := self._more()):
            self._said += more
        end = min(self._said.find(b"\n") + 1 or most, most)
        line, self._said = self._said[:end], self._said[end:]
        return line

    def _more(self) -> bytes:
        left = self._dialogue.until - monotonic()
        sock = self._dialogue.sock
        if left <= 0 or sock is None:
            raise TimeoutError
        sock.settimeout(min(left, sock.gettimeout() or left))
        return sock.recv(4096)

    def close(self) -> None:
        """Nothing: the socket is the dialogue's."""
