"""A server of another business's, or of nobody's: what came to it is counted."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Listener:
    host: str
    port: int
    requests: list[bytes] = field(default_factory=list)
    peers: list[int] = field(default_factory=list)
    """The ports that connections came from."""
    passed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    probe: int = 0

    @property
    def connections(self) -> int:
        """How many came so far: one of our own, which does not count, stands behind them in the
        queue. None of them waits for an answer any more."""
        with suppress(OSError), socket.socket(family(self.host)) as last:
            last.bind((self.host, 0))
            self.probe = last.getsockname()[1]
            last.connect((self.host, self.port))
            assert self.passed.acquire(timeout=30)
        return len(self.peers)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/hook"


Answer = Callable[[socket.socket], None]


def family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def says(content: bytes) -> Answer:
    return lambda connection: connection.sendall(content)


@contextmanager
def listener(
    host: str = "127.0.0.1",
    answer: Answer | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Listener]:
    """On a free port of the address; it answers each request, and hangs up."""
    with socket.create_server((host, 0), family=family(host)) as server:
        one = Listener(host, server.getsockname()[1])
        reply = answer or says(OK)
        thread = threading.Thread(target=_serve, args=(server, one, reply, tls), daemon=True)
        thread.start()
        yield one
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=30)


def _serve(
    server: socket.socket, one: Listener, answer: Answer, tls: ssl.SSLContext | None
) -> None:
    while True:
        try:
            connection, peer = server.accept()
        except OSError:
            return
        if peer[1] == one.probe:
            connection.close()
            one.passed.release()
            continue
        one.peers.append(peer[1])
        # Whoever hangs up on us is not our trouble.
        with suppress(OSError), _wrapped(connection, tls) as wrapped:
            one.requests.append(_request(wrapped))
            answer(wrapped)


def _wrapped(connection: socket.socket, tls: ssl.SSLContext | None) -> socket.socket:
    connection.settimeout(20)
    return tls.wrap_socket(connection, server_side=True) if tls else connection


def _request(connection: socket.socket) -> bytes:
    """Head and body, by its Content-Length."""
    said = b""
    while b"\r\n\r\n" not in said and (part := connection.recv(4096)):
        said += part
    head, _, body = said.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length and (part := connection.recv(4096)):
        body += part
    return head + b"\r\n\r\n" + body
