"""Slow work has a worker of its own, so that nobody waits for it; one worker alone does all."""

import socket
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from flask import Flask
from rq import Queue
from rq.serializers import JSONSerializer

from app import tasks
from app.extensions import redis_client
from app.lib.time.clock import now
from app.supervisor.product import workers
from jobs import worker_tasks
from jobs.schedule import TIMETABLE
from jobs.worker import Worker, lively
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.stack import PROJECT, Start, until
from tests.support.world import Business


def ask(job: str, queue: tasks.WorkerQueue) -> None:
    queue = Queue(queue, connection=redis_client(), serializer=JSONSerializer)
    queue.enqueue(job, job_timeout=-1, result_ttl=0)


def write(staff: Browser, business: Business, body: str) -> None:
    form = {"customer_id": business.customer_id, "channel": "sms", "body": body}
    answer = staff.post("/messages/send", json=form, headers={"Accept": "application/json"})
    assert answer.status_code == 201, answer.text


def test_a_message_leaves_while_twilio_takes_seconds_over_its_lists(
    start: Start, twilio: Carrier, salon: Business, garage: Business, staff: Browser
) -> None:
    before = threading.active_count()
    slow = start("jobs.worker", "slow")
    start("jobs.worker", "urgent")
    until(lambda: redis_client().scard("rq:workers") == 2)
    twilio.faults(latency_ms=6000)
    ask("jobs.worker_tasks.recover_inbound", tasks.WorkerQueue.SLOW)
    # The simulator serves each listing in a thread of this process: they are under way.
    until(lambda: threading.active_count() >= before + 4)
    twilio.faults()
    began = now()
    write(staff, salon, "At once")
    until(lambda: twilio.sent(salon.customer_number))
    assert now() - began < timedelta(seconds=4)
    assert redis_client().hget(f"rq:worker:{_name(slow.pid)}", "state") == b"busy"
    assert twilio.sent(garage.customer_number) == []


def _name(pid: int) -> str:
    """RQ's name of the worker with that process id."""
    for key in redis_client().smembers("rq:workers"):
        if redis_client().hget(key, "pid") == str(pid).encode():
            return str(key.decode().removeprefix("rq:worker:"))
    raise AssertionError("the worker is not known")


def test_one_worker_alone_serves_every_queue(
    app: Flask, start: Start, twilio: Carrier, salon: Business, staff: Browser
) -> None:
    ask("jobs.worker_tasks.recover_inbound", tasks.WorkerQueue.SLOW)
    write(staff, salon, "Alone")
    start("jobs.worker")
    until(lambda: twilio.sent(salon.customer_number))
    until(lambda: not any(redis_client().llen(f"rq:queue:{queue}") for queue in tasks.WorkerQueue))


def test_a_worker_of_several_queues_serves_them_in_turn(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[str] = []
    monkeypatch.setattr(worker_tasks, "drain_outbox", lambda: served.append("urgent"))
    monkeypatch.setattr(worker_tasks, "fetch_media", lambda: served.append("slow"))
    for _ in range(3):
        ask(tasks.Task.DRAIN_OUTBOX, tasks.WorkerQueue.URGENT)
    ask(tasks.Task.FETCH_MEDIA, tasks.WorkerQueue.SLOW)
    worker = Worker(list(tasks.WorkerQueue), connection=redis_client(), serializer=JSONSerializer)
    worker.app = app
    worker.work(burst=True, logging_level="WARNING")
    assert served == ["urgent", "slow", "urgent", "urgent"]


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="of Linux")
def test_the_end_of_a_redis_of_which_nobody_tells_is_noticed(
    environ: dict[str, str],
) -> None:
    with lively(environ["REDIS_URL"]) as redis:
        connection = redis.connection_pool.get_connection()
        options = (socket.TCP_KEEPIDLE, socket.TCP_USER_TIMEOUT)
        told = [connection._sock.getsockopt(socket.IPPROTO_TCP, option) for option in options]
        redis.connection_pool.release(connection)
    assert told == [5, 5000]
    # Whose end the system tells of, and which takes no such options.
    assert lively("unix:///run/valkey.sock").connection_pool.make_connection()


def test_the_supervisor_starts_a_worker_for_every_queue() -> None:
    served = [name for part in workers({}) for name in part.command[3:]]
    assert sorted(served) == sorted(tasks.WorkerQueue)


def test_what_asks_the_carrier_for_lists_or_files_is_on_the_slow_queue() -> None:
    urgent = {job for _, job, _, queue in TIMETABLE if queue is tasks.WorkerQueue.URGENT}
    urgent |= {task.value for task in tasks.Task if tasks.QUEUES[task] is tasks.WorkerQueue.URGENT}
    assert urgent == {
        "jobs.worker_tasks.judge",
        "jobs.worker_tasks.read_replies",
        "jobs.worker_tasks.sweep",
        "jobs.worker_tasks.wake_conversations",
        "jobs.worker_tasks.drain_outbox",
        "jobs.worker_tasks.dispatch",
        "jobs.worker_tasks.plan_missed",
    }
    assert set(tasks.QUEUES) == set(tasks.Task)


def test_a_queue_that_does_not_exist_is_refused_with_a_way_out() -> None:
    command = (sys.executable, "-m", "jobs.worker", "sloow")
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no queue is called sloow: name urgent or slow, or none for all" in done.stderr
