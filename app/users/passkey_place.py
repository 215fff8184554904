"""Where passkeys hold: at one name and one address of ours, which browsers hold them to."""

from typing import NamedTuple
from urllib.parse import urlsplit

from app.config import is_loopback
from app.extensions import settings

LOCAL = "localhost"


class Place(NamedTuple):
    name: str
    """A passkey is made for it, and for it alone (WebAuthn: the RP ID)."""
    origin: str
    """The beginning of every address at which one is made and used."""


def place() -> Place | None:
    """Of PUBLIC_URL, whatever Host was asked for. None: browsers know passkeys neither for a number
    nor without https, but for this machine, which has to be called localhost then."""
    url = urlsplit(settings().public_url)
    host, port = url.hostname or "", f":{url.port}" if url.port else ""
    if is_loopback(host):
        return Place(LOCAL, f"{url.scheme}://{LOCAL}{port}")
    if url.scheme != "https" or _is_number(host):
        return None
    # As browsers write it: without the port that everybody means.
    return Place(host, f"https://{host}{'' if url.port == 443 else port}")


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()
