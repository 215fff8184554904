"""Whoever asks is told which job of the timetable has not been done for long."""

from datetime import timedelta

from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from rq_scheduler import Scheduler

from app import heartbeat
from app.extensions import redis_client
from app.heartbeat import PATIENCE
from app.lib.time.clock import now
from app.tasks import WorkerQueue
from jobs.schedule import TIMETABLE, ensure
from tests.jobs.test_worker_tasks import work
from tests.support.browser import visitor

MINUTE = timedelta(minutes=1)


def test_a_job_that_was_not_done_for_long_is_late_until_it_ends_well(app: Flask) -> None:
    assert heartbeat.late(now()) == ["timetable"], "nobody keeps it"
    ensure(Scheduler(WorkerQueue.URGENT, connection=redis_client()))
    began = now()
    assert heartbeat.late(began) == []
    slowest = max(seconds for _, _, seconds, _ in TIMETABLE)
    assert "sweep" in heartbeat.late(began + PATIENCE + MINUTE)
    assert len(heartbeat.late(began + timedelta(seconds=slowest) + PATIENCE + MINUTE)) == len(
        TIMETABLE
    )

    long_ago = now() - timedelta(hours=1)
    heartbeat.kept(heartbeat.SWEEP, long_ago)
    assert visitor().get("/health/ready").json["late"] == ["sweep"]
    Queue(WorkerQueue.URGENT, connection=redis_client(), serializer=JSONSerializer).enqueue(
        heartbeat.SWEEP
    )
    work(app, redis_client())
    assert heartbeat.late(now()) == []


def test_a_job_that_breaks_is_not_done(app: Flask) -> None:
    broken = "jobs.worker_tasks.nobody"
    heartbeat.promise(redis_client(), {broken: 20}, now() - timedelta(hours=1))
    Queue(WorkerQueue.URGENT, connection=redis_client(), serializer=JSONSerializer).enqueue(broken)
    work(app, redis_client())
    assert heartbeat.late(now()) == ["nobody"]


def test_redis_that_is_away_fails_nobody_who_says_what_was_done(app: Flask) -> None:
    app.extensions["redis"], real = Redis(port=1, socket_timeout=0.1), app.extensions["redis"]
    try:
        heartbeat.kept(heartbeat.SWEEP, now())
    finally:
        app.extensions["redis"] = real
