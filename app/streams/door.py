"""Where the streams are: for a browser, and for the web beside them."""

import http.client
import json
from typing import NamedTuple
from urllib.parse import urlsplit

from app.config import Settings

PATH = "/live/stream"
HEALTH = "/health"
# For one answer of a process beside us.
SECONDS = 1.0
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — a name for it, not a binding


class State(NamedTuple):
    """What the process says of itself."""

    streams: int
    deaf: bool
    """Whether it hears nothing of Redis, so that all its pages look by themselves."""


def url(settings: Settings, page: str) -> str:
    """The door for the browser of a page at that address (`http://127.0.0.1:8000/`).

    LIVE_URL, where it is set; in production the page's own origin, whose proxy knows the way; else
    the streams' own port of the same host.
    """
    if settings.live_url:
        return settings.live_url + PATH
    parts = urlsplit(page)
    host = parts.netloc if settings.production else _with_port(parts.hostname, settings.live_port)
    return f"{parts.scheme}://{host}{PATH}"


def _with_port(host: str | None, port: int) -> str:
    return f"[{host}]:{port}" if host and ":" in host else f"{host}:{port}"


def origin(address: str) -> str:
    """The origin of an address (RFC 6454)."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def beside(settings: Settings) -> tuple[str, int]:
    """Host and port at which a process of the same machine reaches them."""
    return EVERYWHERE.get(settings.bind, settings.bind), settings.live_port


def state(settings: Settings) -> State:
    """Ask them. Raises OSError where they do not answer."""
    connection = http.client.HTTPConnection(*beside(settings), timeout=SECONDS)
    try:
        connection.request("GET", HEALTH)
        return State(**json.loads(connection.getresponse().read()))
    except (http.client.HTTPException, ValueError, TypeError) as error:
        raise OSError("they answer otherwise than they should") from error
    finally:
        connection.close()
