"""A step or a job that breaks keeps no other from its turn."""

import pytest
from flask import Flask

from app.inbound import media
from app.lib.clock import now
from app.lib.status import MessageStatus
from app.outbox import reconcile
from app.tasks import last_tick
from jobs.doorbells import sweep
from tests.support.carrier import Carrier
from tests.support.poison import Broken, message, queue
from tests.support.world import Business


def broken(*_given: object) -> int:
    raise Broken


def test_a_step_of_the_sweep_that_breaks_is_told_after_the_others(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_, fetched = queue(salon, "Hello"), []
    monkeypatch.setattr(reconcile, "reconcile", broken)
    monkeypatch.setattr(media, "fetch_due", fetched.append)
    with pytest.raises(Broken):
        sweep()
    assert message(salon, id_).status is MessageStatus.ACCEPTED
    assert len(fetched) == 1


def test_the_sweep_says_when_it_began(app: Flask) -> None:
    assert last_tick() is None
    before = now()
    sweep()
    assert before <= (last_tick() or before.min) <= now()
