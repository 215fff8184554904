"""A connection comes to its end, whatever the other side does or does not do."""

import socket
import threading
from collections.abc import Iterator
from time import monotonic, sleep

import pytest

from app.lib.outside.timed_socket import TimedSocket

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_whoever_does_not_read_keeps_nobody_for_longer_than_the_time(pair: Pair) -> None:
    ours, theirs = pair
    begin = monotonic()

    def drips() -> None:
        for _ in range(20):
            theirs.recv(4096)
            sleep(0.05)

    reader = threading.Thread(target=drips)
    reader.start()
    with pytest.raises(TimeoutError):
        TimedSocket(ours, begin + 0.5, 100).sendall(b"x" * 50_000_000)
    assert monotonic() - begin < 3
    reader.join()


def test_all_that_is_sent_comes(pair: Pair) -> None:
    ours, theirs = pair
    TimedSocket(ours, monotonic() + 5, 100).sendall(b"hello")
    assert theirs.recv(10) == b"hello"


def test_more_than_the_most_is_not_read(pair: Pair) -> None:
    ours, theirs = pair
    theirs.sendall(b"x" * 200)
    file = TimedSocket(ours, monotonic() + 5, 100).makefile()
    assert file.read(100) == b"x" * 100
    with pytest.raises(OSError, match="too much"):
        file.read(1)


def test_what_comes_too_late_is_not_waited_for(pair: Pair) -> None:
    ours, _ = pair
    with pytest.raises(TimeoutError):
        TimedSocket(ours, monotonic() + 0.1, 100).makefile().readline()
    with pytest.raises(TimeoutError):
        TimedSocket(ours, monotonic() - 1, 100).makefile().readline()
