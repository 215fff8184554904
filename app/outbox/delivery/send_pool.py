"""A pool of calls to carriers that are under way, of which none waits for another."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from time import monotonic

from app.lib import shutdown
from app.outbox.delivery.job import DEADLINE, Job, ended
from app.providers.contract import Accepted

THREADS = 32
# So many are claimed before there is a thread for them, where a carrier just answered as quickly as
# that: no thread waits for a claim, and what staff write for little longer.
AHEAD, QUICK_SECONDS = 32, 0.25
# A tenant whose carrier hangs leaves room for the others.
MOST_EACH = 8
# To claim a few costs as much as to claim many: it is done for so many, or as often as that.
MANY, EVERY_SECONDS = 24, 0.1
MOMENT_SECONDS = 0.01
# A call that takes longer than others do.
SLOW_SECONDS = 1.0

Completed = tuple[Job, "Future[Accepted]"]


class SendPool:
    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._calls: dict[Future[Accepted], tuple[Job, float]] = {}
        self._refilled = 0.0
        self._quick = False

    def __bool__(self) -> bool:
        return bool(self._calls)

    def room(self) -> int:
        """How many more calls may begin now: of a few none, until a moment has passed."""
        room = max(0, THREADS + (AHEAD if self._quick else 0) - len(self._calls))
        if room < MANY and monotonic() < self._refilled + EVERY_SECONDS:
            return 0
        self._refilled = monotonic()
        return room

    @property
    def busy(self) -> list[int]:
        """The tenants that have enough under way."""
        calls = Counter(job.message.tenant_id for job, _ in self._calls.values())
        return [tenant_id for tenant_id, count in calls.items() if count >= MOST_EACH]

    @property
    def slow(self) -> bool:
        """Whether one takes so long that the others should not wait for it."""
        return any(monotonic() - begun > SLOW_SECONDS for _, begun in self._calls.values())

    def begin(self, jobs: list[Job], send: Callable[[Job], Accepted]) -> None:
        for job in jobs:
            self._calls[self._pool.submit(self._timed, send, job)] = (job, monotonic())

    def _timed(self, send: Callable[[Job], Accepted], job: Job) -> Accepted:
        begun = monotonic()
        try:
            return send(job)
        finally:
            self._quick = monotonic() - begun < QUICK_SECONDS

    def completed(self, within: float) -> list[Completed]:
        """Those that have an answer, or are waited for no longer: DEADLINE is over, which for a
        process that was asked to stop is sooner. Waits so many seconds for the first."""
        done, others = wait(self._calls, within, FIRST_COMPLETED)
        if done and others:
            # What began together ends together, and is written down so.
            done |= wait(others, MOMENT_SECONDS).done
        answered = [(self._calls.pop(call)[0], call) for call in done]
        return answered + [(self._calls.pop(call)[0], ended(call)) for call in self._overdue()]

    def _overdue(self) -> "list[Future[Accepted]]":
        now, patience = monotonic(), DEADLINE.total_seconds()
        return [
            call
            for call, (_, begun) in self._calls.items()
            if now >= shutdown.sooner(begun + patience)
        ]
