"""One call to an address that others have given us: no redirect, no proxy, no second try."""

import http.client
import socket
from collections.abc import Collection, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from app.lib.outside.networks import PrivateNetwork
from app.lib.outside.outside_address import (
    NOT_REACHED,
    WEB_PORTS,
    Checked,
    Refused,
    Resolve,
    checked_address,
    connect,
    look_up,
    secured,
)
from app.lib.outside.timed_socket import TimedSocket

LONGEST = 2000
LARGEST_ANSWER = 64 * 1024
KEPT = 1024
READ = 4096
PORTS = {True: 443, False: 80}
NO_ADDRESS = "Give an address such as https://example.com/webhooks."
ONLY_HTTPS = "Give an address that begins with https://."
NO_USER = "Leave out the name and the password: what we send is signed."


@dataclass(frozen=True)
class WebAddress:
    """The parts of a URL that was typed."""

    tls: bool
    host: str
    port: int
    target: str
    """Path and query, as they go over the wire."""


@dataclass(frozen=True)
class WebAnswer:
    status: int
    retry_after: str
    """The header as it came; empty: none."""
    content: bytes = field(repr=False)
    """How it begins, KEPT bytes at most."""


@dataclass(frozen=True)
class Asked:
    """A request, without its address."""

    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)


def web_address(url: str) -> WebAddress:
    """Raises Refused, with what is wrong about it; nothing is looked up."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused(NO_ADDRESS) from error
    if parts.scheme not in ("http", "https") or not host or port == 0 or not _plain(url):
        raise Refused(NO_ADDRESS)
    if "@" in parts.netloc:
        raise Refused(NO_USER)
    tls = parts.scheme == "https"
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    return WebAddress(tls, host, port or PORTS[tls], f"{target}?{query}" if query else target)


def checked_web(
    url: WebAddress, private: Collection[PrivateNetwork] = (), resolve: Resolve = look_up
) -> Checked:
    """Raises Refused where it may not be called."""
    ports = WEB_PORTS if url.tls else (url.port,)
    checked = checked_address(url.host, url.port, ports, private, resolve)
    if not url.tls and not checked.private:
        raise Refused(ONLY_HTTPS)
    return checked


def post(
    url: WebAddress,
    content: bytes,
    headers: Mapping[str, str],
    until: float,
    private: Collection[PrivateNetwork] = (),
    resolve: Resolve = look_up,
) -> WebAnswer:
    """What it answers by that time (monotonic), to the end of the headers at least. Raises Refused:
    it may have come all the same."""
    checked = checked_web(url, private, resolve)
    with closing(_open(url, checked, until)) as connection:
        try:
            call = _Call(url, checked, TimedSocket(connection, until, LARGEST_ANSWER))
            call.request("POST", url.target, content, dict(headers))
            return _answer(call.getresponse())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Refused(NOT_REACHED) from error


def get(
    url: WebAddress,
    until: float,
    largest: int,
    private: Collection[PrivateNetwork] = (),
    resolve: Resolve = look_up,
) -> tuple[int, str, bytes]:
    """Its status, where it leads elsewhere, and what is there, little more than `largest` at most.
    Raises Refused, also where it breaks off."""
    return exchange(url, Asked(), until, largest, private, resolve)


def exchange(
    url: WebAddress,
    asked: Asked,
    until: float,
    largest: int,
    private: Collection[PrivateNetwork] = (),
    resolve: Resolve = look_up,
) -> tuple[int, str, bytes]:
    """Likewise, of what is asked. Raises Refused: it may have come all the same."""
    checked = checked_web(url, private, resolve)
    with closing(_open(url, checked, until)) as connection:
        try:
            call = _Call(url, checked, TimedSocket(connection, until, largest + LARGEST_ANSWER))
            call.request(asked.method, url.target, asked.content, dict(asked.headers))
            with call.getresponse() as answer:
                content = answer.read(largest + 1)
            return answer.status, answer.headers.get("Location", ""), content
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Refused(NOT_REACHED) from error


class _Call(http.client.HTTPConnection):
    """On a connection that is made already; it makes none itself."""

    auto_open = 0

    def __init__(self, url: WebAddress, checked: Checked, connection: TimedSocket) -> None:
        super().__init__(checked.host, checked.port)
        self.default_port = PORTS[url.tls]
        self.sock: Any = connection


def _open(url: WebAddress, checked: Checked, until: float) -> socket.socket:
    connection = connect(checked, until)
    return secured(connection, checked, until) if url.tls else connection


def _answer(response: http.client.HTTPResponse) -> WebAnswer:
    with response:
        retry_after = response.headers.get("Retry-After", "")
        return WebAnswer(response.status, retry_after, _content(response)[:KEPT])


def _content(response: http.client.HTTPResponse) -> bytes:
    """All that comes; the status is the answer already, and this may break off."""
    content = bytearray()
    with suppress(OSError, http.client.HTTPException, ValueError):
        while part := response.read1(READ):
            content += part
    return bytes(content)


def _plain(url: str) -> bool:
    """Nothing that two readers of addresses take for different things."""
    return len(url) <= LONGEST and url.isprintable() and not set(url) & set(" \\#")
