"""Whom emails are handed to, as one address says it."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

# RFC 6409 for smtp, RFC 8314 for smtps.
PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    tls: bool
    """Whether TLS begins with the connection; else by STARTTLS, but on this very machine."""
    user: str
    """Empty: it asks for no sign-in."""
    password: str = field(repr=False)

    @property
    def local(self) -> bool:
        return self.host in LOOPBACK


def parse(url: str) -> MailServer:
    """The server of smtp://user:password@host:port, or smtps://. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.port == 0:
        raise ValueError("It names no server.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("It has more than a server in it.")
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
