"""The event stream: what changed reaches whoever looks at it, and nobody else."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from queue import Empty, Queue

import pytest
from flask import Flask, current_app
from redis import Redis

from app import live
from app.extensions import db
from app.lib.message_status import MessageStatus
from tests.support import twilio
from tests.support.browser import Browser
from tests.support.world import Business

STAFF, COLLEAGUE, STRANGER = 1, 2, 3


@pytest.fixture
def hub(app: Flask, environ: dict[str, str]) -> live.Hub:
    return live.Hub(Redis.from_url(environ["REDIS_URL"]), most=3, of_a_tenant=2, of_a_user=1)


def listening(hub: live.Hub, tenant_id: int) -> Iterator[Queue[str]]:
    """A subscription that has begun to hear."""
    with hub.subscribed(tenant_id, STAFF) as events:
        assert events.get(timeout=5) == "*"
        yield events


@pytest.fixture
def events(hub: live.Hub, salon: Business) -> Iterator[Queue[str]]:
    yield from listening(hub, salon.id)


def test_a_webhook_is_told_to_that_businesss_streams_alone(
    hub: live.Hub, events: Queue[str], salon: Business, garage: Business
) -> None:
    with hub.subscribed(garage.id, STRANGER) as theirs:
        twilio.text(salon, "News", number=salon.customer_number)
        assert events.get(timeout=5) == str(salon.customer_id)
        with pytest.raises(Empty):
            theirs.get(timeout=0.2)


def test_what_staff_send_is_told_too(events: Queue[str], salon: Business, staff: Browser) -> None:
    values = {"customer_id": salon.customer_id, "channel": "sms", "body": "Hi"}
    staff.post("/messages/send", json=values)
    assert events.get(timeout=5) == str(salon.customer_id)


def test_a_step_of_a_message_names_its_line_and_a_failure_the_whole_conversation(
    events: Queue[str], salon: Business
) -> None:
    live.publish_step(salon.id, salon.customer_id, 7, MessageStatus.DELIVERED)
    assert events.get(timeout=5) == f"message-{salon.customer_id}-7"
    live.publish_step(salon.id, salon.customer_id, 7, MessageStatus.FAILED)
    assert events.get(timeout=5) == str(salon.customer_id)


def test_a_stream_begins_with_a_look_at_everything(hub: live.Hub, salon: Business) -> None:
    stream = live.stream(hub, salon.id, STAFF)
    assert next(stream) == "retry: 2000\ndata: *\n\n"
    stream.close()  # type: ignore[attr-defined]


def test_streams_are_capped_for_a_person_a_business_and_all(
    hub: live.Hub, salon: Business, garage: Business
) -> None:
    def refused(tenant_id: int, user_id: int) -> bool:
        try:
            with hub.subscribed(tenant_id, user_id):
                return False
        except live.TooManyStreams:
            return True

    with hub.subscribed(salon.id, STAFF):
        assert refused(salon.id, STAFF)
        with hub.subscribed(salon.id, COLLEAGUE):
            assert refused(salon.id, 9)
            assert not refused(garage.id, 9)
            with hub.subscribed(garage.id, STRANGER):
                assert refused(3, 9)
        assert not refused(salon.id, COLLEAGUE)
    assert not refused(salon.id, STAFF)


def test_a_page_that_was_closed_takes_nobodys_place(hub: live.Hub, salon: Business) -> None:
    closed = live.stream(hub, salon.id, STAFF, is_gone=lambda: True)
    assert next(closed)
    another = live.stream(hub, salon.id, STAFF)
    assert list(closed)[-1:] in ([], ["data: *\n\n"]), "it ends without being asked to speak"
    with pytest.raises(live.TooManyStreams):
        live.stream(hub, salon.id, STAFF)
    another.close()  # type: ignore[attr-defined]


def test_a_stream_is_refused_before_it_begins(hub: live.Hub, salon: Business) -> None:
    first = live.stream(hub, salon.id, STAFF)
    with pytest.raises(live.TooManyStreams):
        live.stream(hub, salon.id, STAFF)
    first.close()  # type: ignore[attr-defined]
    live.stream(hub, salon.id, STAFF).close()  # type: ignore[attr-defined]


def test_a_busy_stream_ends_by_the_clock(hub: live.Hub, salon: Business) -> None:
    assert timedelta(minutes=5) >= live.LIFETIME
    begun, heard = time.monotonic(), 0
    for _ in live.stream(hub, salon.id, STAFF, timedelta(seconds=0.5)):
        heard += 1
        live.publish(salon.id, salon.customer_id)
        assert time.monotonic() - begun < 5
    assert heard > 10


def test_a_full_house_is_503_so_that_the_page_looks_by_itself(
    salon: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    nobody_in = live.Hub(Redis.from_url(environ["REDIS_URL"]), most=0, of_a_tenant=2, of_a_user=1)
    monkeypatch.setitem(current_app.extensions, "live", nobody_in)
    assert staff.get("/live").status_code == 503


def test_whoever_falls_behind_gets_one_look_at_everything(
    hub: live.Hub, events: Queue[str], salon: Business
) -> None:
    for number in range(live.BACKLOG + 50):
        live.publish(salon.id, number)
    seen = []
    while "*" not in seen:
        seen.append(events.get(timeout=5))
    assert len(seen) <= live.BACKLOG


def test_a_stream_holds_no_database_connection(salon: Business, staff: Browser) -> None:
    db.session.remove()
    answer = staff.client.get("/live", buffered=False)
    assert answer.mimetype == "text/event-stream"
    assert next(answer.response)
    assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    answer.close()


def test_one_listener_serves_all_streams_of_a_process(
    hub: live.Hub, events: Queue[str], garage: Business
) -> None:
    with hub.subscribed(garage.id, STRANGER):
        listeners = [t for t in threading.enumerate() if t is hub._listener]
    assert len(listeners) == 1
