"""How the work goes, in numbers; and what is left out while the database or Redis is away."""

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import ConnectionError as RedisAway
from sqlalchemy.exc import OperationalError

from app import heartbeat
from app.extensions import redis_client
from app.health import watch
from app.lib.message_status import MessageStatus
from app.metrics import sends
from app.metrics.sends import Result
from app.operations import gauges
from app.outbox import drain
from app.tasks import Task, enqueue
from tests.support.carrier import Carrier
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business, say

MINUTE = timedelta(minutes=1)


def told(at: Any = NOON) -> dict[str, float]:
    """Each sample by its name and the values of its labels."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(gauges.exposition(at).decode())
        for sample in family.samples
    }


def test_what_is_due_is_counted_of_all_businesses(salon: Business, garage: Business) -> None:
    say(salon, "Due", status=MessageStatus.QUEUED, at=NOON - 3 * MINUTE)
    say(garage, "Due, too", status=MessageStatus.QUEUED, at=NOON - MINUTE)
    say(garage, "Later", status=MessageStatus.QUEUED, at=NOON + MINUTE)
    found = told()
    assert found["kaivox_outbox_due"] == 2
    assert found["kaivox_outbox_oldest_due_seconds"] == 180
    assert found["kaivox_paused_senders"] == found["kaivox_dead_letters"] == 0


def test_sends_are_counted_by_what_came_of_them(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    twilio.faults(reject={salon.customer_number: 21211})
    say(salon, "To nobody", status=MessageStatus.QUEUED)
    drain.drain(NOON)
    twilio.faults()
    for business in (salon, garage):
        say(business, "Hello", status=MessageStatus.QUEUED)
    drain.drain(NOON)
    twilio.faults(reset_after=1)
    say(salon, "Perhaps", status=MessageStatus.QUEUED)
    drain.drain(NOON + MINUTE)
    found = told()
    assert found["kaivox_sends_total sms refused"] == 1
    assert found["kaivox_sends_total sms accepted"] == 2
    assert found["kaivox_sends_total sms unknown"] == 1


def test_the_timetable_tells_how_often_and_since_when(salon: Business) -> None:
    jobs = {"jobs.worker_tasks.sweep": 20, "jobs.worker_tasks.plan": 3600}
    heartbeat.promise(redis_client(), jobs, NOON)
    heartbeat.kept("jobs.worker_tasks.sweep", NOON + MINUTE)
    enqueue(Task.WATCH_HEALTH)
    found = told(NOON + 2 * MINUTE)
    assert found["kaivox_tick_every_seconds sweep"] == 20
    assert found["kaivox_tick_age_seconds sweep"] == 60
    assert found["kaivox_tick_age_seconds plan"] == 120
    assert (found["kaivox_jobs_waiting slow"], found["kaivox_jobs_waiting urgent"]) == (1, 0)


def test_states_of_checks_are_counted_over_businesses(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    watch.watch_due(NOON.replace(year=2100))
    found = told()
    assert found["kaivox_health_checks waiting business ok"] == 2
    assert found["kaivox_health_checks mail_server platform ok"] == 1


def test_while_redis_is_away_the_database_still_tells(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise RedisAway

    monkeypatch.setattr(gauges, "redis_client", away)
    found = told()
    assert (found["kaivox_up redis"], found["kaivox_up database"]) == (0, 1)
    assert "kaivox_outbox_due" in found and "kaivox_jobs_waiting slow" not in found


def test_while_the_database_is_away_redis_still_tells(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_now: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception())

    monkeypatch.setattr(gauges, "oldest_due", away)
    found = told()
    assert (found["kaivox_up redis"], found["kaivox_up database"]) == (1, 0)
    assert "kaivox_outbox_due" not in found and "kaivox_jobs_waiting slow" in found


def test_a_send_is_sent_though_redis_cannot_count_it(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise RedisAway

    monkeypatch.setattr(sends, "redis_client", away)
    say(salon, "Hello", status=MessageStatus.QUEUED)
    assert drain.drain(NOON) == 1
    assert len(twilio.sent(salon.customer_number)) == 1
    sends.sent("sms", Result.ACCEPTED)
