"""How many messages are claimed ahead of the threads that send them."""

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from app.outbox.delivery import send_pool
from app.outbox.delivery.send_pool import AHEAD, QUICK_SECONDS, THREADS, SendPool

JOB: Any = SimpleNamespace(message=SimpleNamespace(tenant_id=1))


class Carrier:
    """An executor whose calls are answered when a test says so."""

    def __init__(self) -> None:
        self.calls: list[Future[Any]] = []

    def submit(self, *_: object) -> Future[Any]:
        self.calls.append(Future())
        return self.calls[-1]

    def answer(self, count: int) -> None:
        for _ in range(count):
            self.calls.pop(0).set_result(None)


def test_messages_are_claimed_ahead_of_threads_while_carriers_answer_quickly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carrier, clock = Carrier(), [100.0]
    monkeypatch.setattr(send_pool, "monotonic", lambda: clock[0])
    pool = SendPool(carrier)  # type: ignore[arg-type]

    def room_after(seconds: float, answers: int) -> int:
        clock[0] += seconds
        carrier.answer(answers)
        assert len(pool.completed(0)) == answers
        return pool.room()

    assert pool.room() == THREADS, "nothing is known of them yet"
    pool.begin([JOB] * THREADS, lambda _: pytest.fail("called"))
    assert room_after(QUICK_SECONDS / 2, THREADS) == THREADS + AHEAD
    pool.begin([JOB] * (THREADS + AHEAD), lambda _: pytest.fail("called"))
    assert room_after(QUICK_SECONDS, 1) == 0
    assert room_after(QUICK_SECONDS, AHEAD) == 1
