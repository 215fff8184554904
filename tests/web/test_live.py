"""The event stream: what changed reaches whoever looks at it, and nobody else."""

import threading
from collections.abc import Iterator
from queue import Empty, Queue

import pytest
from flask import Flask, current_app
from redis import Redis

from app import live
from app.extensions import db
from tests.support import twilio
from tests.support.browser import Browser
from tests.support.world import Business


@pytest.fixture
def hub(app: Flask, environ: dict[str, str]) -> live.Hub:
    return live.Hub(Redis.from_url(environ["REDIS_URL"]), most_streams=2)


def listening(hub: live.Hub, tenant_id: int) -> Iterator[Queue[str]]:
    """A subscription that has begun to hear."""
    with hub.subscribed(tenant_id) as events:
        assert events.get(timeout=5) == "*"
        yield events


@pytest.fixture
def events(hub: live.Hub, salon: Business) -> Iterator[Queue[str]]:
    yield from listening(hub, salon.id)


def test_a_webhook_is_told_to_that_businesss_streams_alone(
    hub: live.Hub, events: Queue[str], salon: Business, garage: Business
) -> None:
    with hub.subscribed(garage.id) as theirs:
        twilio.text(salon, "News", number=salon.customer_number)
        assert events.get(timeout=5) == str(salon.customer_id)
        with pytest.raises(Empty):
            theirs.get(timeout=0.2)


def test_what_staff_send_is_told_too(events: Queue[str], salon: Business, staff: Browser) -> None:
    values = {"customer_id": salon.customer_id, "channel": "sms", "body": "Hi"}
    staff.post("/messages/send", json=values)
    assert events.get(timeout=5) == str(salon.customer_id)


def test_a_stream_begins_with_a_look_at_everything(hub: live.Hub, salon: Business) -> None:
    stream = live.stream(hub, salon.id)
    assert next(stream) == "retry: 2000\ndata: *\n\n"
    stream.close()  # type: ignore[attr-defined]


def test_streams_are_capped(hub: live.Hub, salon: Business) -> None:
    with hub.subscribed(salon.id), hub.subscribed(salon.id):
        assert hub.full
        with pytest.raises(live.TooManyStreams), hub.subscribed(salon.id):
            pass
    assert not hub.full


def test_a_full_house_is_503_so_that_the_page_looks_by_itself(
    salon: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    nobody_in = live.Hub(Redis.from_url(environ["REDIS_URL"]), most_streams=0)
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
    with hub.subscribed(garage.id):
        listeners = [t for t in threading.enumerate() if t is hub._listener]
    assert len(listeners) == 1
