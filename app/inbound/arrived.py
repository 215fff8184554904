"""Tells all who may see to it that a customer wrote, or rang in vain: open pages, and browsers
without one. Only after the commit.

A web process has a thread for it: no webhook's answer waits for Redis, and of all that has come
meanwhile Redis is told in one round trip. Anywhere else that is done at once.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from queue import Empty, SimpleQueue
from threading import Thread

import structlog
from redis import Redis

from app import live, tasks

log = structlog.get_logger()

Arrival = tuple[int, int]
"""A business and its customer."""
Scope = Callable[[], AbstractContextManager[object]]
"""Within which the program's Redis is known."""

_queue: SimpleQueue[Arrival | None] = SimpleQueue()
_thread: Thread | None = None


def tell(tenant_id: int, customer_id: int) -> None:
    """Never raises."""
    if _thread:
        _queue.put((tenant_id, customer_id))
    else:
        _tell([(tenant_id, customer_id)])


def begin(scope: Scope) -> None:
    """Have a thread for it until end()."""
    global _thread
    _thread = Thread(target=_run, args=(scope,), daemon=True)
    _thread.start()


def end() -> None:
    """Once all is told."""
    global _thread
    thread, _thread = _thread, None
    if thread:
        _queue.put(None)
        thread.join()


def _run(scope: Scope) -> None:
    with scope():
        while told := list(_waiting()):
            try:
                _tell(dict.fromkeys(each for each in told if each))
            except Exception as error:
                # Of what comes later others are to hear all the same.
                log.error("arrivals_untold", error=type(error).__name__)
            if None in told:
                return


def _waiting() -> Iterator[Arrival | None]:
    """What has come by now, and at least one."""
    yield _queue.get()
    try:
        while True:
            yield _queue.get_nowait()
    except Empty:
        return


def _tell(arrivals: Collection[Arrival]) -> None:
    def say(redis: Redis) -> None:
        for each in arrivals:
            live.arrival(redis, *each)

    tasks.enqueue(tasks.Task.TELL_BROWSERS, say)
