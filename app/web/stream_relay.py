"""A stream by way of the web's own port, for who does not come to the streams' door.

Each keeps a thread, so there are few of them: pages go to the door.
"""

import select
import socket
from collections.abc import Iterator
from threading import BoundedSemaphore

# Of a process; it has 64 threads (gunicorn.conf.py).
MOST = 16
CONNECT_SECONDS = 1.0
# Longer than the heartbeat of the streams: who says nothing for so long is gone.
SILENCE_SECONDS = 40.0
LONGEST_HEAD = 8192

_room = BoundedSemaphore(MOST)


class NoRoom(Exception):
    """As many go through this process as may."""


class Refused(Exception):
    """The streams have no place for it."""


def relay(
    streams: tuple[str, int],
    path: str,
    client: socket.socket | None = None,
    room: BoundedSemaphore = _room,
) -> Iterator[bytes]:
    """What the streams at that address say to a GET of the path, until they or the client end it;
    room: for how many of its kind there is a thread.

    Raises NoRoom, Refused, or OSError where the streams are away, before it begins.
    """
    told = _told(streams, path, client, room)
    # It joins now, while it can still be refused.
    next(told)
    return told


def _told(
    streams: tuple[str, int], path: str, client: socket.socket | None, room: BoundedSemaphore
) -> Iterator[bytes]:
    if not room.acquire(blocking=False):
        raise NoRoom
    try:
        with socket.create_connection(streams, CONNECT_SECONDS) as upstream:
            words = _opened(upstream, path)
            yield b"joined"
            if words:
                yield words
            while _speaks(upstream, client) and (words := upstream.recv(65536)):
                yield words
    finally:
        room.release()


def _opened(upstream: socket.socket, path: str) -> bytes:
    """Ask, and return what follows the head of the answer. Raises Refused."""
    # Its answer is not in chunks.
    upstream.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
    said = b""
    while b"\r\n\r\n" not in said and (more := upstream.recv(LONGEST_HEAD)):
        said += more
    head, _, words = said.partition(b"\r\n\r\n")
    if head.split(b" ", 2)[1:2] != [b"200"]:
        raise Refused
    return words


def _speaks(upstream: socket.socket, client: socket.socket | None) -> bool:
    """Wait for the streams' next words; False: none will come, or nobody reads them any more."""
    listening = select.poll()
    listening.register(upstream, select.POLLIN)
    if client:
        listening.register(client, select.POLLIN)
    # Who reads a stream says nothing; if something comes from there, it is the end.
    ready = [number for number, _ in listening.poll(SILENCE_SECONDS * 1000)]
    return ready == [upstream.fileno()]
