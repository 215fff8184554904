"""Gunicorn's gthread worker, with slow clients kept out of its threads.

A request gets a thread when it is there: its head, and its body up to MOST bytes. Until then it
waits in the poller, which costs no thread, and not for longer than REQUEST_SECONDS by the clock.
What is larger (only the signed in may send it) has UPLOAD_SECONDS for the rest.
"""

import logging
import os
import socket
import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from app.lib.arrival import Arrival

REQUEST_SECONDS = float(os.environ.get("REQUEST_SECONDS", "20"))
UPLOAD_SECONDS = float(os.environ.get("UPLOAD_SECONDS", "120"))
# For one piece of an answer: a picture of 5 MB at 20 KB a second.
SEND_SECONDS = 300.0
# What is there needs no waiting for, whatever gunicorn makes of it.
NO_TIME = 1.0
LINGER_SECONDS = 2.0
MOST = 64 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Punctual(SocketUnreader):  # type: ignore[misc]
    """Reads from the connection until a deadline. Raises TimeoutError."""

    deadline = 0.0

    def chunk(self, size_hint: int | None = None) -> bytes:
        before = self.sock.gettimeout()
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request came too slowly")
        self.sock.settimeout(left if before is None else min(left, before))
        try:
            read: bytes = super().chunk(size_hint)
        finally:
            self.sock.settimeout(before)
        return read


class Worker(ThreadWorker):  # type: ignore[misc]
    """Overrides what gunicorn 27.0.1 does with a connection before and after its thread."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.leaving: deque[TConn] = deque()
        logging.getLogger("gunicorn.error").addFilter(without_words)

    def enqueue_req(self, conn: TConn) -> None:
        """Called when the connection begins, and whenever another request begins to come."""
        begun = conn.parser.unreader.take_buffered() if conn.parser else b""
        conn.arrival = Arrival(MOST, begun)
        conn.timeout = time.monotonic() + REQUEST_SECONDS
        conn.sock.setblocking(False)
        if conn.arrival.is_there():
            self._to_a_thread(conn)
        elif self._look(conn):
            self.pending_conns.append(conn)
            self._watch(conn, self.on_pending_socket_readable)

    def on_pending_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        if not self._look(conn):
            self.poller.unregister(client)
            self.pending_conns.remove(conn)

    def _look(self, conn: TConn) -> bool:
        """Take in what has come; whether more is to be waited for."""
        read = _receive(conn)
        if read is None:
            return True
        if not read:
            self._hang_up(conn)
            return False
        conn.arrival.data += read
        if conn.arrival.is_there():
            self._to_a_thread(conn)
            return False
        if conn.arrival.expects:
            conn.arrival.expects = False
            _say(conn, CONTINUE)
        return True

    def _to_a_thread(self, conn: TConn) -> None:
        if not conn.initialized:
            conn.init()
            conn.parser.unreader = Punctual(conn.sock)
        unreader = conn.parser.unreader
        unreader.unread(bytes(conn.arrival.data))
        seconds = UPLOAD_SECONDS if conn.arrival.is_upload else NO_TIME
        unreader.deadline = time.monotonic() + seconds
        conn.arrival = None
        super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        conn.sock.settimeout(SEND_SECONDS)
        return super().handle_request(req, conn)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """Close what is to be closed without waiting for the client, as gunicorn does, for two
        seconds and in the thread that serves everybody."""
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
        else:
            self._let_go(conn)

    def _let_go(self, conn: TConn) -> None:
        """Say that nothing follows, and close when the client has: its last words would undo ours
        (RFC 9112, section 9.6)."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
        except OSError:
            self._hang_up(conn)
            return
        conn.timeout = time.monotonic() + LINGER_SECONDS
        self.leaving.append(conn)
        self._watch(conn, self._on_last_words)

    def _on_last_words(self, conn: TConn, client: socket.socket) -> None:
        if _receive(conn) == b"":
            self.poller.unregister(client)
            self.leaving.remove(conn)
            self._hang_up(conn)

    def murder_pending(self) -> None:
        """Called in each turn of the worker's loop."""
        super().murder_pending()
        while self.leaving and self.leaving[0].timeout <= time.monotonic():
            self._drop(self.leaving)
        if self.nr_conns >= self.worker_connections:
            self._make_room()

    def _make_room(self) -> None:
        """As many connections as there may be must not keep the next one out: close whoever is
        leaving, else idle for longest, else been about to ask for longest."""
        for waiting in (self.leaving, self.keepalived_conns, self.pending_conns):
            if waiting:
                self._drop(waiting)
                return

    def _drop(self, waiting: deque[TConn]) -> None:
        conn = waiting.popleft()
        self.poller.unregister(conn.sock)
        self._hang_up(conn)

    def _hang_up(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()

    def _watch(self, conn: TConn, do: Any) -> None:
        self.poller.register(conn.sock, EVENT_READ, partial(do, conn))


def without_words(record: logging.LogRecord) -> bool:
    """Let gunicorn log nothing of what a stranger sent: it would quote addresses and headers."""
    if str(record.msg).startswith("Error handling request"):
        record.msg, record.args = "Error handling a request", ()
    return not str(record.msg).startswith("Invalid request")


def _receive(conn: TConn) -> bytes | None:
    """What has come; empty: the client is gone; None: nothing yet."""
    try:
        read: bytes = conn.sock.recv(MOST)
    except BlockingIOError:
        return None
    except OSError:
        return b""
    return read


def _say(conn: TConn, words: bytes) -> None:
    try:
        conn.sock.send(words)
    except OSError:
        # Whoever does not listen is noticed when the next is read.
        return
