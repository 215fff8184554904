"""The streams as they really run: what changed reaches whoever looks at it, and nobody else."""

import signal
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from app import live
from app.health.checks.platform.live_streams import NEXT, SILENT, look
from app.health.finding import State, Verdict
from app.lib.message_status import MessageStatus
from app.servers import process
from app.servers.kept import free_port
from app.servers.valkey import Valkey
from app.streams import pubsub
from app.streams.hub import Limits
from app.users import user_access
from tests.support import twilio
from tests.support.browser import Browser
from tests.support.stack import until
from tests.support.streams import ORIGIN, Events, Streams, get, opened, serving
from tests.support.world import NOON, Business

STAFF, COLLEAGUE, STRANGER = 1, 2, 3


def test_what_comes_in_and_goes_out_is_told_to_that_businesss_pages_alone(
    streams: Streams, salon: Business, garage: Business, staff: Browser
) -> None:
    with streams.page(salon.id, STAFF) as ours, streams.page(garage.id, STRANGER) as theirs:
        twilio.text(salon, "News", number=salon.customer_number)
        news = [str(salon.customer_id), f"{pubsub.ARRIVED}{salon.customer_id}"]
        assert [next(ours), next(ours)] == news
        values = {"customer_id": salon.customer_id, "channel": "sms", "body": "Hi"}
        staff.post("/messages/send", json=values)
        assert next(ours) == str(salon.customer_id)
        live.publish(garage.id, 7)
        assert next(theirs) == "7", "and nothing before"


def test_a_step_of_a_message_names_its_line_and_a_failure_the_whole_conversation(
    streams: Streams, salon: Business
) -> None:
    with streams.page(salon.id, STAFF) as events:
        live.publish_steps(live.Step(salon.id, salon.customer_id, 7, MessageStatus.DELIVERED))
        assert next(events) == f"message-{salon.customer_id}-7"
        live.publish_steps(live.Step(salon.id, salon.customer_id, 7, MessageStatus.FAILED))
        assert next(events) == str(salon.customer_id)


def test_the_door_opens_to_a_ticket_of_ours_and_from_its_own_page(
    streams: Streams, salon: Business
) -> None:
    url = streams.url(salon.id, STAFF)
    with get(url, Origin=ORIGIN) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["X-Accel-Buffering"] == "no"
        assert next(answer.iter_content(100)) == b"retry: 2000\ndata: *\n\n"
    for refused in (get(url, Origin="http://evil.test"), get(url[:-1]), get(url.partition("?")[0])):
        assert refused.status_code == 403
        assert "Access-Control-Allow-Origin" not in refused.headers


def test_a_person_has_so_many_and_a_page_that_is_closed_takes_nobodys_place(
    streams: Streams, salon: Business
) -> None:
    with ExitStack() as pages:
        for _ in range(Limits.of_a_user):
            pages.enter_context(streams.page(salon.id, STAFF))
        assert get(streams.url(salon.id, STAFF)).status_code == 503
        with streams.page(salon.id, COLLEAGUE):
            assert streams.state() == (Limits.of_a_user + 1, False)
    until(lambda: streams.state() == (0, False))
    with streams.page(salon.id, STAFF):
        pass


def test_signing_out_another_role_and_no_right_to_sign_in_end_those_streams_alone(
    streams: Streams, salon: Business, admin: Browser, operator: Browser
) -> None:
    here, elsewhere = Browser(salon.staff), Browser()
    elsewhere.sign_in(salon.staff)
    with ExitStack() as pages:

        def page_of(browser: Browser) -> Events:
            events = pages.enter_context(opened(browser.get("/live/ticket").json["url"]))
            assert next(events) == "*"
            return events

        first, second, colleagues = page_of(here), page_of(elsewhere), page_of(admin)
        before = elsewhere.get("/live/ticket").json["url"]
        elsewhere.post("/logout")
        assert list(second) == []
        refused = requests.get(before, timeout=5)
        assert refused.status_code == 403, "a ticket of before"
        assert "Access-Control-Allow-Origin" in refused.headers, "so that the page is told"
        form = {"name": "Sam", "email": salon.staff, "role": "tenant_admin", "active": "y"}
        admin.post(f"/admin/users/edit/?id={_id(salon.staff)}", data=form)
        assert list(first) == []
        again = page_of(here)
        operator.post(f"/admin/people/{_id(salon.staff)}/disable")
        assert list(again) == []
        live.publish(salon.id, 9)
        assert next(colleagues) == "9"


def _id(email: str) -> int:
    user = user_access.find(email)
    assert user
    return user.id


def test_a_redis_that_hangs_is_told_and_what_it_kept_back_is_looked_for(
    environ: dict[str, str], tmp_path: Path
) -> None:
    valkey = Valkey(tmp_path, durable=False)
    valkey.prepare()
    redis = process.start(valkey)
    process.wait_until_ready(valkey, redis)
    own = {**environ, "REDIS_URL": valkey.url, "LIVE_PORT": str(free_port())}
    try:
        with serving(own) as streams, streams.page(1, STAFF) as events:
            redis.send_signal(signal.SIGSTOP)
            assert [next(events), next(events)] == ["deaf", "*"]
            with opened(streams.url(1, COLLEAGUE)) as another:
                assert [next(another) for _ in range(3)] == ["*", "deaf", "*"]
            redis.send_signal(signal.SIGCONT)
            assert next(events) == "*"
            until(lambda: streams.state() == (1, False))
    finally:
        redis.kill()
        redis.wait()


def test_a_process_that_hangs_is_not_taken_for_one_that_serves(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis still has its subscription."""
    streams.process.send_signal(signal.SIGSTOP)
    try:
        monkeypatch.setattr(live, "ANSWER_TRIES", 1)
        assert look(NOON) == Verdict(State.WARNING, SILENT, NEXT)
    finally:
        streams.process.send_signal(signal.SIGCONT)
    monkeypatch.undo()
    assert live.is_heard()


def test_a_stream_of_a_process_that_ends_ends(environ: dict[str, str]) -> None:
    own = {**environ, "LIVE_PORT": str(free_port())}
    with serving(own) as streams, streams.page(1, STAFF) as events:
        streams.process.terminate()
        assert list(events) == []
        assert streams.process.wait(5) == 0
