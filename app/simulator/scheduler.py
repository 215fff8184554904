"""One clock thread for what is due, and a few threads for posts that may take their time."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from queue import PriorityQueue

log = logging.getLogger(__name__)

Job = Callable[[], None]


class Scheduler:
    def __init__(self, posters: int = 16) -> None:
        self._due: list[tuple[float, int, Job]] = []
        self._tick = itertools.count()
        self._wake = threading.Condition()
        self._posts: PriorityQueue[tuple[bool, int, Job | None]] = PriorityQueue()
        self._stopped = False
        self._threads = [threading.Thread(target=self._watch_clock, daemon=True)]
        self._threads += [threading.Thread(target=self._work, daemon=True) for _ in range(posters)]
        for thread in self._threads:
            thread.start()

    def after(self, seconds: float, job: Job) -> None:
        """Run a quick job on the clock thread when the time has come."""
        with self._wake:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._tick), job))
            self._wake.notify()

    def post(self, job: Job, urgent: bool = False) -> None:
        """Run a job that waits for the network, beside the clock. What is urgent goes before
        the thousands that a bulk sending may have queued."""
        self._posts.put((not urgent, next(self._tick), job))

    def stop(self) -> None:
        with self._wake:
            self._stopped = True
            self._wake.notify()
        for _ in self._threads[1:]:
            self._posts.put((False, -next(self._tick), None))
        for thread in self._threads:
            thread.join(timeout=2)

    def _watch_clock(self) -> None:
        while (job := self._next()) is not None:
            _survive(job)

    def _next(self) -> Job | None:
        with self._wake:
            while not self._stopped:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._wake.wait(wait)
        return None

    def _work(self) -> None:
        while (job := self._posts.get()[2]) is not None and not self._stopped:
            _survive(job)


def _survive(job: Job) -> None:
    try:
        job()
    except Exception:
        log.exception("A job of the simulator failed; the next one goes on")
