"""A process that is suspended and wakes up again, as on a laptop or a machine that moves."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.lib.message_status import MessageStatus
from app.lib.time import clock
from app.outbox import drain
from app.outbox.queue.claim import LEASE
from app.outbox.settle.reconcile import reconcile
from tests.support.carrier import Carrier
from tests.support.world import Business, say


def test_a_sender_that_slept_through_its_lease_sends_nothing(
    app: Flask,
    twilio: Carrier,
    salon: Business,
    garage: Business,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say(salon, "Hello", status=MessageStatus.QUEUED, at=clock.now(), provider_sid="none")
    later = clock.now() + LEASE + timedelta(seconds=1)
    asleep: list[datetime] = []
    jobs = drain.jobs

    def sleep(messages: list[Any]) -> Any:
        """Between the claim and the call; meanwhile somebody else proves that nothing was sent."""
        made = jobs(messages)
        if not asleep:
            asleep.append(later)
            reconcile(later)
            drain.drain(later + timedelta(minutes=1))
        return made

    monkeypatch.setattr(drain, "jobs", sleep)
    monkeypatch.setattr(drain, "clock_now", lambda: asleep[0] if asleep else clock.now())
    drain.drain(clock.now())
    assert len(twilio.sent(salon.customer_number)) == 1
    assert twilio.sent(garage.customer_number) == []
