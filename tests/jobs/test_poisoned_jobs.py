"""A step or a job that breaks keeps no other from its turn."""

import pytest
from flask import Flask
from rq import Queue
from rq.serializers import JSONSerializer

from app import tasks
from app.extensions import doorbell
from app.lib.status import MessageStatus
from app.operations import failed_jobs
from app.outbox import pace
from jobs.doorbells import sweep
from tests.jobs.test_bells_and_timetable import work
from tests.support.carrier import Carrier
from tests.support.poison import POISON, Broken, message, queue
from tests.support.world import Business


def broken(*_given: object) -> int:
    raise Broken


def test_a_step_of_the_sweep_that_breaks_is_told_after_the_others(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = queue(salon, "Hello")
    monkeypatch.setattr(pace, "adopt", broken)
    with pytest.raises(Broken):
        sweep()
    assert message(salon, id_).status is MessageStatus.ACCEPTED


def test_jobs_that_break_or_cannot_be_read_keep_no_other_from_its_turn(
    app: Flask, twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.doorbells.fetch_media", quoting)
    bells = Queue(tasks.Lane.URGENT, connection=doorbell(), serializer=JSONSerializer)
    breaks, unreadable = (bells.enqueue(tasks.Task.FETCH_MEDIA.value) for _ in range(2))
    doorbell().hset(f"rq:job:{unreadable.id}", "data", b"\x80not json")
    id_ = queue(salon, "Hello")
    tasks.ring(tasks.Task.DRAIN_OUTBOX)
    work(app, doorbell())
    assert message(salon, id_).status is MessageStatus.ACCEPTED
    shown = {aside.key: aside for aside in failed_jobs.listed()}
    assert shown.keys() == {f"job-{breaks.id}", f"job-{unreadable.id}"}
    assert shown[f"job-{breaks.id}"].reason.startswith("Broken")
    assert all(POISON not in str(aside) for aside in shown.values())
    stored = b"".join(doorbell().dump(key) or b"" for key in doorbell().keys("rq:*"))
    assert POISON.encode() not in stored


def quoting() -> None:
    raise Broken(POISON)
