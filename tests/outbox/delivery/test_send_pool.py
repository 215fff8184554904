"""How many messages are claimed ahead of the threads that send them."""

from concurrent.futures import Future
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from app.outbox.delivery import send_pool
from app.outbox.delivery.send_pool import AHEAD, QUICK_SECONDS, THREADS, SendPool

JOB: Any = SimpleNamespace(message=SimpleNamespace(tenant_id=1))


class Carrier:
    """An executor whose calls are made when a test says so, by its clock."""

    def __init__(self) -> None:
        self.now, self.seconds = 100.0, 0.0
        self._calls: list[tuple[Future[Any], Any]] = []

    def submit(self, call: Any, *args: Any) -> Future[Any]:
        self._calls.append((Future(), partial(call, *args)))
        return self._calls[-1][0]

    def send(self, _job: Any) -> None:
        self.now += self.seconds

    def answer(self, count: int, seconds: float) -> None:
        """Calls that take so many seconds each."""
        self.seconds = seconds
        for _ in range(count):
            future, call = self._calls.pop(0)
            future.set_result(call())


def test_messages_are_claimed_ahead_of_threads_while_carriers_answer_quickly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carrier: Any = Carrier()
    monkeypatch.setattr(send_pool, "monotonic", lambda: carrier.now)
    pool = SendPool(carrier)

    def room_after(answers: int, seconds: float) -> int:
        carrier.answer(answers, seconds)
        assert len(pool.completed(0)) == answers
        return pool.room()

    assert pool.room() == THREADS, "nothing is known of them yet"
    pool.begin([JOB] * THREADS, carrier.send)
    assert room_after(THREADS, QUICK_SECONDS / 2) == THREADS + AHEAD
    pool.begin([JOB] * (THREADS + AHEAD), carrier.send)
    assert room_after(1, QUICK_SECONDS) == 0
    assert room_after(AHEAD, QUICK_SECONDS) == 1
