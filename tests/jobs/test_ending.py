"""Asked to end, a process finishes or gives back what it holds, and another goes on at once."""

import os
import signal
import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select, update

from app import tasks
from app.extensions import db, redis_client
from app.lib import shutdown
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import Message
from app.outbox import drain
from app.outbox.delivery.send_pool import MOST_EACH
from app.outbox.queue.claim import LEASE
from app.providers.contract import Accepted
from app.providers.twilio import TwilioProvider
from app.tenancy import tenant_scope, unscoped
from jobs.json_jobs import PlainJob
from jobs.schedule import TIMETABLE, Timetable
from tests.support.carrier import Carrier
from tests.support.stack import Start, until
from tests.support.world import Business, say

# Whoever asked a process to end waits so long for it.
GONE = 30


@pytest.fixture
def stopping_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process may be asked to end; after the test it was not."""
    monkeypatch.setattr(shutdown, "_asked_at", None)


def queue(business: Business, *bodies: str) -> None:
    for body in bodies:
        say(business, body, status=MessageStatus.QUEUED, at=now(), provider_sid=f"none-{body}")
    with unscoped("tests"):
        without = update(Message).where(Message.provider_sid.like("none-%"))
        db.session.execute(
            without.values(provider_sid=None).execution_options(synchronize_session=False)
        )
        db.session.commit()


def outbox(business: Business) -> list[Message]:
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(Message).where(Message.direction == "outbound").order_by(Message.id)
        return list(db.session.scalars(query))


def statuses(business: Business) -> Counter[MessageStatus]:
    return Counter(message.status for message in outbox(business))


def test_a_worker_that_is_asked_to_end_finishes_its_calls_and_claims_no_more(
    app: Flask, start: Start, twilio: Carrier, salon: Business, garage: Business
) -> None:
    queue(salon, *(f"Hello {number}" for number in range(MOST_EACH + 8)))
    twilio.faults(latency_ms=1500)
    # The simulator serves each call in a thread of this process.
    before = threading.active_count()
    worker = start("jobs.worker")
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    until(lambda: threading.active_count() > before + 4)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(GONE) == 0
    twilio.faults()
    held = [message for message in outbox(salon) if message.claim or message.lease_until]
    assert held == []
    assert {MessageStatus.SENDING, MessageStatus.CHECKING}.isdisjoint(statuses(salon))
    left = [message for message in outbox(salon) if message.status is MessageStatus.QUEUED]
    assert len(left) >= 8
    assert {message.attempts for message in left} == {0}
    assert statuses(salon)[MessageStatus.QUEUED] <= MOST_EACH + 8 - 4
    # The next one was told already.
    waiting = Queue(
        tasks.WorkerQueue.URGENT, connection=redis_client(), serializer=JSONSerializer
    ).jobs
    assert tasks.Task.DRAIN_OUTBOX in [job.func_name for job in waiting]
    assert drain.drain(now()) == len(left)
    sent = Counter(each["body"] for each in twilio.sent(salon.customer_number))
    assert sorted(sent.values()) == [1] * (MOST_EACH + 8)
    assert twilio.sent(garage.customer_number) == []


def test_an_idle_worker_ends_at_once(app: Flask, start: Start) -> None:
    worker = start("jobs.worker")
    until(lambda: redis_client().scard("rq:workers") == 1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(GONE) == 0


def test_what_was_claimed_and_not_begun_is_given_back_as_it_was(
    app: Flask,
    twilio: Carrier,
    salon: Business,
    stopping_later: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue(salon, "Hello")
    [before] = outbox(salon)
    jobs = drain.jobs

    def asked_meanwhile(messages: list[Any]) -> Any:
        shutdown.request()
        return jobs(messages)

    monkeypatch.setattr(drain, "jobs", asked_meanwhile)
    assert drain.drain(now()) == 1
    [given_back] = outbox(salon)
    assert given_back.status is MessageStatus.QUEUED
    assert (given_back.attempts, given_back.send_after) == (0, before.send_after)
    assert (given_back.claim, given_back.lease_until) == (None, None)
    assert twilio.sent(salon.customer_number) == []


def test_a_call_that_outlasts_the_patience_is_never_given_back(
    app: Flask, salon: Business, stopping_later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never_answers(*_: object) -> Accepted:
        shutdown.request()
        until(lambda: outbox_in_thread(app, salon)[MessageStatus.SENDING] == 0)
        raise AssertionError("nobody listens any more")

    def outbox_in_thread(whole: Flask, business: Business) -> Counter[MessageStatus]:
        with whole.app_context():
            return statuses(business)

    monkeypatch.setattr(TwilioProvider, "send", never_answers)
    monkeypatch.setattr(shutdown, "LAST_CALLS_SECONDS", 0.0)
    queue(salon, "Hello")
    drain.drain(now())
    [message] = outbox(salon)
    assert message.status is MessageStatus.CHECKING
    assert message.attempts == 1


def test_calls_and_all_that_follows_end_within_half_a_minute() -> None:
    assert shutdown.LAST_CALLS_SECONDS < shutdown.END_SECONDS < 30
    assert LEASE.total_seconds() > shutdown.LAST_CALLS_SECONDS


def test_a_scheduler_that_is_asked_to_end_finishes_its_pass(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis: Redis = redis_client()
    timetable = Timetable(
        tasks.WorkerQueue.URGENT, interval=5, connection=redis, job_class=PlainJob
    )
    zrem = redis.zrem

    def asked_at_the_worst_moment(*arguments: Any) -> Any:
        os.kill(os.getpid(), signal.SIGTERM)
        return zrem(*arguments)

    monkeypatch.setattr(redis, "zrem", asked_at_the_worst_moment)
    with pytest.raises(SystemExit):
        timetable.run()
    kept = {name.decode() for name in redis.zrange(timetable.scheduled_jobs_key, 0, -1)}
    assert kept == {id_ for id_, *_ in TIMETABLE}
    assert not redis.exists(timetable.scheduler_lock_key)


def test_the_scheduler_ends_at_once_between_two_passes(app: Flask, start: Start) -> None:
    scheduler = start("tests.jobs.rare_passes")
    until(lambda: redis_client().zcard("rq:scheduler:scheduled_jobs") == len(TIMETABLE))
    until(lambda: not redis_client().exists("rq:scheduler_lock"))
    scheduler.send_signal(signal.SIGTERM)
    assert scheduler.wait(GONE) == 0
    assert redis_client().zcard("rq:scheduler:scheduled_jobs") == len(TIMETABLE)
