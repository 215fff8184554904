"""Whoever asks is told which job of the timetable has not been done for long."""

from datetime import timedelta

from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from rq_scheduler import Scheduler

from app import ticks
from app.extensions import doorbell
from app.lib.clock import now
from app.tasks import Lane
from app.ticks import PATIENCE
from jobs.schedule import TIMETABLE, ensure
from tests.jobs.test_bells_and_timetable import work
from tests.support.browser import visitor

MINUTE = timedelta(minutes=1)


def test_a_job_that_was_not_done_for_long_is_late_until_it_ends_well(app: Flask) -> None:
    assert ticks.late(now()) == ["timetable"], "nobody keeps it"
    ensure(Scheduler(Lane.URGENT, connection=doorbell()))
    began = now()
    assert ticks.late(began) == []
    slowest = max(seconds for _, _, seconds, _ in TIMETABLE)
    assert "sweep" in ticks.late(began + PATIENCE + MINUTE)
    assert len(ticks.late(began + timedelta(seconds=slowest) + PATIENCE + MINUTE)) == len(TIMETABLE)

    long_ago = now() - timedelta(hours=1)
    ticks.kept(ticks.SWEEP, long_ago)
    assert visitor().get("/health/ready").json["late"] == ["sweep"]
    Queue(Lane.URGENT, connection=doorbell(), serializer=JSONSerializer).enqueue(ticks.SWEEP)
    work(app, doorbell())
    assert ticks.late(now()) == []


def test_a_job_that_breaks_is_not_done(app: Flask) -> None:
    broken = "jobs.doorbells.nobody"
    ticks.promise(doorbell(), {broken: 20}, now() - timedelta(hours=1))
    Queue(Lane.URGENT, connection=doorbell(), serializer=JSONSerializer).enqueue(broken)
    work(app, doorbell())
    assert ticks.late(now()) == ["nobody"]


def test_redis_that_is_away_fails_nobody_who_says_what_was_done(app: Flask) -> None:
    app.extensions["redis"], real = Redis(port=1, socket_timeout=0.1), app.extensions["redis"]
    try:
        ticks.kept(ticks.SWEEP, now())
    finally:
        app.extensions["redis"] = real
