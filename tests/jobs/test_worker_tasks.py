"""Jobs may be lost and enqueued twice; the timetable heals itself."""

import pytest
from flask import Flask, current_app
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from app import tasks
from app.extensions import redis_client
from app.factory import quick_redis
from app.lib.message_status import MessageStatus
from jobs.json_jobs import PlainJob
from jobs.schedule import PASS_SECONDS, TIMETABLE, Timetable, ensure
from jobs.worker import Worker
from tests.support.carrier import Carrier
from tests.support.mailboxes import Mailboxes
from tests.support.rcs import at_twilio, granted
from tests.support.world import Business, say


@pytest.fixture
def redis(app: Flask) -> Redis:
    return redis_client()


@pytest.fixture
def timetable(redis: Redis) -> Timetable:
    return Timetable(
        tasks.WorkerQueue.URGENT, interval=PASS_SECONDS, connection=redis, job_class=PlainJob
    )


def waiting(redis: Redis) -> list[str]:
    queues = [
        Queue(queue, connection=redis, serializer=JSONSerializer) for queue in tasks.WorkerQueue
    ]
    return [job.func_name for queue in queues for job in queue.jobs]


def work(app: Flask, redis: Redis, max_jobs: int | None = None) -> None:
    worker = Worker(list(tasks.WorkerQueue), connection=redis, serializer=JSONSerializer)
    worker.app = app
    worker.work(burst=True, logging_level="WARNING", max_jobs=max_jobs)


def test_a_task_that_is_enqueued_often_is_one_job(redis: Redis) -> None:
    for _ in range(5):
        tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    assert waiting(redis) == ["jobs.worker_tasks.drain_outbox"]


def test_a_task_can_be_enqueued_again_once_it_has_begun(redis: Redis) -> None:
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    assert redis.lpop("rq:queue:urgent")
    assert waiting(redis) == []
    tasks.heard(tasks.Task.DRAIN_OUTBOX)
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    assert waiting(redis) == ["jobs.worker_tasks.drain_outbox"]


def test_a_task_that_waits_is_not_enqueued_twice_however_long_nobody_comes(redis: Redis) -> None:
    """Two that wait would make room for each other, at full speed, as long as any message is due
    in a moment (keep_draining)."""
    for _ in range(3):
        tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
        # A while later, or as another of its kind is answered.
        redis.delete("enqueued:drain_outbox")
    tasks.enqueue(tasks.Task.DISPATCH)
    assert waiting(redis) == ["jobs.worker_tasks.drain_outbox", "jobs.worker_tasks.dispatch"]


def test_a_lost_task_is_enqueued_again_before_long(redis: Redis) -> None:
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    assert 0 < redis.pttl("enqueued:drain_outbox") <= tasks.COALESCE_SECONDS * 1000


def test_enqueueing_without_redis_breaks_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = quick_redis("redis://127.0.0.1:1")
    monkeypatch.setitem(current_app.extensions, "redis", nobody)
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    tasks.heard(tasks.Task.DRAIN_OUTBOX)


def test_jobs_are_json_and_never_pickles(redis: Redis) -> None:
    tasks.enqueue(tasks.Task.FETCH_MEDIA)
    [job_id] = Queue(tasks.WorkerQueue.SLOW, connection=redis).job_ids
    assert Job.fetch(job_id, connection=redis, serializer=JSONSerializer).func_name
    assert b"\x80\x04" not in b"".join(redis.hgetall(f"rq:job:{job_id}").values())


def test_the_timetable_is_scheduled_once_however_often(redis: Redis, timetable: Timetable) -> None:
    for _ in range(3):
        ensure(timetable)
    assert {name.decode() for name in redis.zrange(timetable.scheduled_jobs_key, 0, -1)} == {
        id_ for id_, *_ in TIMETABLE
    }


@pytest.mark.parametrize(
    "damage", ["forgotten", "without its job", "undecodable", "in a queue of old", "crowded"]
)
def test_a_damaged_timetable_is_put_right_at_the_next_pass(
    redis: Redis, timetable: Timetable, damage: str
) -> None:
    ensure(timetable)
    key = timetable.scheduled_jobs_key
    if damage == "forgotten":
        redis.flushdb()
    elif damage == "without its job":
        redis.delete("rq:job:sweep")
    elif damage == "in a queue of old":
        redis.hset("rq:job:sweep", "origin", "doorbells")
    elif damage == "undecodable":
        redis.hset("rq:job:sweep", "data", b"\x80not json")
    else:
        redis.zadd(key, {"nobody-knows-me": 0})
    timetable.enqueue_jobs()
    assert {name.decode() for name in redis.zrange(key, 0, -1)} == {id_ for id_, *_ in TIMETABLE}
    assert "jobs.worker_tasks.sweep" in waiting(redis)


def test_the_sweep_finds_what_no_task_announced(
    app: Flask, redis: Redis, timetable: Timetable, twilio: Carrier, salon: Business
) -> None:
    say(salon, "Unannounced", status=MessageStatus.QUEUED)
    timetable.enqueue_jobs()
    work(app, redis)
    assert [each["body"] for each in twilio.sent(salon.customer_number)] == ["Unannounced"]


def test_the_worker_forks_for_no_job() -> None:
    assert issubclass(Worker, SimpleWorker)


def test_where_nothing_is_left_to_do_nothing_asks_for_more(
    app: Flask, redis: Redis, twilio: Carrier, post: Mailboxes, salon: Business, garage: Business
) -> None:
    # Whose reminders need cards, as all else that jobs look for stands in the world.
    at_twilio(twilio, salon)
    granted(salon)
    for _ in range(2):
        for task in tasks.Task:
            tasks.enqueue(task)
        work(app, redis, max_jobs=10 * len(tasks.Task))
        assert waiting(redis) == []
