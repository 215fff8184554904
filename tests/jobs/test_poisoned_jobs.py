"""A step or a job that breaks keeps no other from its turn."""

import pytest
from flask import Flask
from rq import Queue
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from app import heartbeat, tasks
from app.extensions import redis_client
from app.lib.message_status import MessageStatus
from app.operations import failed_jobs
from app.outbox.queue import rate_limit
from jobs.worker_tasks import sweep
from tests.jobs.test_worker_tasks import work
from tests.support.carrier import Carrier
from tests.support.poison import POISON, Broken, message, queue
from tests.support.world import Business


def broken(*_given: object) -> int:
    raise Broken


def test_a_step_of_the_sweep_that_breaks_is_told_after_the_others(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = queue(salon, "Hello")
    monkeypatch.setattr(rate_limit, "adopt", broken)
    with pytest.raises(Broken):
        sweep()
    assert message(salon, id_).status is MessageStatus.ACCEPTED


def test_jobs_that_break_or_cannot_be_read_keep_no_other_waiting(
    app: Flask, twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.worker_tasks.fetch_media", quoting)
    waiting = Queue(tasks.WorkerQueue.URGENT, connection=redis_client(), serializer=JSONSerializer)
    breaks, unreadable = (waiting.enqueue(tasks.Task.FETCH_MEDIA.value) for _ in range(2))
    redis_client().hset(f"rq:job:{unreadable.id}", "data", b"\x80not json")
    id_ = queue(salon, "Hello")
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    work(app, redis_client())
    assert message(salon, id_).status is MessageStatus.ACCEPTED
    shown = {aside.key: aside for aside in failed_jobs.listed()}
    assert shown.keys() == {f"job-{breaks.id}", f"job-{unreadable.id}"}
    assert shown[f"job-{breaks.id}"].reason.startswith("Broken")
    assert all(POISON not in str(aside) for aside in shown.values())
    stored = b"".join(redis_client().dump(key) or b"" for key in redis_client().keys("rq:*"))
    assert POISON.encode() not in stored


def test_a_job_that_only_another_version_knows_is_dropped_and_alarms_nobody(
    app: Flask, twilio: Carrier, salon: Business
) -> None:
    """Such as one that waited in Redis while the program was upgraded."""
    waiting = Queue(tasks.WorkerQueue.URGENT, connection=redis_client(), serializer=JSONSerializer)
    before = [waiting.enqueue(f"jobs.{name}") for name in ("doorbells.dispatch", "plain.nobody")]
    before.append(waiting.enqueue("jobs.worker_tasks.of_old"))
    id_ = queue(salon, "Hello")
    waiting.enqueue(heartbeat.SWEEP)
    work(app, redis_client())
    assert message(salon, id_).status is MessageStatus.ACCEPTED
    assert failed_jobs.listed() == []
    assert not redis_client().exists(*(f"rq:job:{job.id}" for job in before))


def test_a_job_of_another_version_that_had_failed_before_goes_with_one_retry(
    app: Flask, salon: Business
) -> None:
    waiting = Queue(tasks.WorkerQueue.URGENT, connection=redis_client(), serializer=JSONSerializer)
    job = waiting.enqueue("jobs.doorbells.dispatch")
    assert redis_client().lpop("rq:queue:urgent")
    job.set_status(JobStatus.FAILED)
    waiting.failed_job_registry.add(job, ttl=3600)
    assert [aside.key for aside in failed_jobs.listed()] == [f"job-{job.id}"]
    failed_jobs.retry(job.id)
    work(app, redis_client())
    assert failed_jobs.listed() == []


def quoting() -> None:
    raise Broken(POISON)
