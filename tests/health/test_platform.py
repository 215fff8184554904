"""What the operator is told of what all businesses share."""

from datetime import timedelta

import pytest
from flask import current_app
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from app import heartbeat
from app.extensions import db, redis_client
from app.health import look
from app.health.check import Check
from app.health.checks.platform import PLATFORM, disk
from app.health.finding import Finding, State
from app.lib.message_status import MessageStatus
from app.models import DeadLetter
from app.tenancy import tenant_scope
from tests.support.mailboxes import Mailboxes
from tests.support.streams import Streams
from tests.support.world import NOON, Business, say

MINUTE = timedelta(minutes=1)


def findings() -> dict[str, Finding]:
    return {finding.check: finding for finding in look.of_platform(NOON)}


def runs() -> None:
    heartbeat.promise(redis_client(), {heartbeat.SWEEP: 20}, NOON)
    heartbeat.kept(heartbeat.SWEEP, NOON)


def test_a_platform_in_which_all_is_well_has_nothing_to_do(
    post: Mailboxes, streams: Streams, salon: Business, garage: Business
) -> None:
    runs()
    assert {finding.state for finding in findings().values()} == {State.OK}


def test_a_scheduler_that_never_ran_and_a_worker_that_is_late_are_told(
    salon: Business, garage: Business
) -> None:
    assert "never run" in findings()["timetable"].sentence
    runs()
    assert findings()["timetable"].state is State.OK
    heartbeat.kept(heartbeat.SWEEP, NOON - 5 * MINUTE)
    found = findings()["timetable"]
    assert (found.state, "sweep" in found.sentence) == (State.BROKEN, True)


def test_without_redis_the_rest_is_looked_at(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise RedisAway

    monkeypatch.setattr(Redis, "execute_command", away)
    told = findings()
    assert told["redis"].state is State.BROKEN
    assert "timetable" not in told, "nobody knows"
    assert told["database"].state is State.OK


def test_without_the_database_that_is_told_and_nothing_that_needs_it(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    for question in ("scalar", "scalars", "execute"):
        monkeypatch.setattr(db.session, question, away)
    told = {finding.check: finding for finding in look.of_all(NOON)}
    assert told["database"].state is State.BROKEN
    assert told.keys() == {"database", "redis", "live_streams", "timetable", "disk"}


def test_a_database_that_takes_no_new_connection_is_told(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By who has one."""
    nowhere = create_engine("postgresql+psycopg://x:x@127.0.0.1:1/x")
    monkeypatch.setitem(current_app.extensions, "direct_engine", nowhere)
    told = findings()["database"]
    assert (told.state, "no new connection" in told.sentence) == (State.BROKEN, True)


def test_what_waits_in_any_business_and_what_is_parked_are_told(
    salon: Business, garage: Business
) -> None:
    message = say(garage, "See you", status=MessageStatus.QUEUED, at=NOON - 20 * MINUTE)
    with tenant_scope(garage.id):
        buried = {"message_id": message, "attempts": 9, "reason": "ValueError", "since": NOON}
        db.session.add(DeadLetter(**buried))
        db.session.commit()
    told = findings()
    assert (told["outbox"].state, told["parked"].state) == (State.BROKEN, State.WARNING)


def test_a_disk_that_fills_up_is_told_before_it_is_full() -> None:
    told = [disk.judge(free).state for free in (50 * disk.GB, disk.GB, disk.GB // 10)]
    assert told == [State.OK, State.WARNING, State.BROKEN]


def test_of_each_business_the_worst_is_told_by_its_name(salon: Business, garage: Business) -> None:
    say(garage, "See you", status=MessageStatus.QUEUED, at=NOON - 20 * MINUTE)
    runs()
    told = look.of_all(NOON)
    [theirs] = [finding for finding in told if finding.sentence.startswith(garage.name)]
    [ours] = [finding for finding in told if finding.sentence.startswith(salon.name)]
    assert (theirs.state, ours.state) == (State.BROKEN, State.OK)
    ranks = [finding.state.rank for finding in told]
    assert ranks == sorted(ranks)


def test_a_check_that_breaks_hinders_no_other_and_names_nothing_of_a_customer(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: object) -> None:
        raise ValueError("+12125550142 said hello")

    monkeypatch.setitem(PLATFORM, "disk", Check("disk", 60, "Whether …", breaks))
    with capture_logs() as logged:
        told = findings()
    assert told["disk"].state is State.WARNING and len(told) > 5
    assert "fault of ours" in told["disk"].sentence
    assert "+1212" not in str(logged) + str(told)
