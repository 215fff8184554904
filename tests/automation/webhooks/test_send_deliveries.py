"""Deliveries come at least once, signed, whatever dies meanwhile; and nobody waits for the dead."""

import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep

import pytest
from flask import Flask, current_app
from standardwebhooks import Webhook, WebhookVerificationError

from app import tasks
from app.automation.webhooks import record_attempt, webhook_call
from app.automation.webhooks.claim_deliveries import DIED, EACH, LEASE, claim, free_what_was_left
from app.automation.webhooks.endpoints import OVERLAP, disable, rotate
from app.automation.webhooks.retry_schedule import MOST_ATTEMPTS
from app.automation.webhooks.send_deliveries import send_due
from app.automation.webhooks.webhook_call import UNREADABLE, call
from app.extensions import db, settings
from app.lib import shutdown
from app.lib.outside.outside_address import NOT_REACHED
from app.lib.vault import Vault, derive_key
from app.models import WebhookEndpoint
from app.tenancy import tenant_scope
from tests.automation.webhooks.conftest import Receiver, endpoint_at
from tests.automation.webhooks.support import deliveries, endpoint, heard, ids, tell
from tests.support.listener import listener, says
from tests.support.world import NOON, WEBHOOK_SECRET, Business

LATER = NOON + LEASE + timedelta(seconds=1)


def test_a_delivery_is_signed_taken_and_logged(
    salon: Business, garage: Business, receiver: Receiver
) -> None:
    endpoint_id, server = receiver(salon)
    other, strangers = receiver(garage)
    tell(salon, endpoint_id, "evt_1")
    send_due(NOON)
    ((headers, body),) = heard(server)
    Webhook(WEBHOOK_SECRET).verify(body, headers)
    (row,) = deliveries(salon, endpoint_id)
    assert body == row.payload
    assert headers["webhook-id"] == "evt_1"
    assert headers["content-type"] == "application/json"
    assert (row.status, row.attempts, row.answered, row.answer) == ("delivered", 1, 200, "ok")
    assert row.took_ms is not None
    assert row.attempted_at and timedelta(0) <= row.attempted_at - NOON < timedelta(seconds=10)
    assert deliveries(garage, other) == []
    assert strangers.connections == 0
    send_due(NOON + timedelta(days=1))
    assert server.connections == 1


def test_what_somebody_changed_on_the_way_is_not_verified(
    salon: Business, receiver: Receiver
) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, "evt_1")
    send_due(NOON)
    ((headers, body),) = heard(server)
    for wrong in ({"webhook-id": "evt_2"}, {"webhook-timestamp": "1"}):
        with pytest.raises(WebhookVerificationError):
            Webhook(WEBHOOK_SECRET).verify(body, headers | wrong)
    with pytest.raises(WebhookVerificationError):
        Webhook(WEBHOOK_SECRET).verify(body + " ", headers)


def test_whoever_died_before_the_call_keeps_nothing_back(
    salon: Business, receiver: Receiver
) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, "evt_1")
    assert claim(NOON, 10)
    send_due(NOON + LEASE - timedelta(seconds=1))
    assert server.connections == 0
    send_due(LATER)
    assert ids(server) == ["evt_1"]
    assert deliveries(salon, endpoint_id)[0].attempts == 2


def test_whoever_died_after_the_call_is_followed_under_the_same_id(
    salon: Business, receiver: Receiver
) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, "evt_1")
    (claimed,) = claim(NOON, 10)
    assert call(claimed, settings().private_networks, NOON).delivered
    send_due(LATER)
    assert ids(server) == ["evt_1", "evt_1"]
    assert deliveries(salon, endpoint_id)[0].status == "delivered"


def test_one_over_which_every_worker_dies_is_given_up(salon: Business, receiver: Receiver) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, "evt_1")
    at = NOON
    for _ in range(MOST_ATTEMPTS):
        assert claim(at, 10)
        at += LEASE + timedelta(seconds=1)
        free_what_was_left(at)
    send_due(at)
    (row,) = deliveries(salon, endpoint_id)
    assert (row.status, row.error, server.connections) == ("failed", DIED, 0)


def test_one_that_cannot_be_written_down_goes_again_and_the_others_are_not_harmed(
    salon: Business, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, "evt_1", "evt_2")
    record, broken = record_attempt.record, iter([True])

    def breaks(*arguments: object) -> None:
        if next(broken, False):
            raise KeyError("a customer's words")
        record(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(record_attempt, "record", breaks)
    send_due(NOON)
    assert sorted(row.status for row in deliveries(salon, endpoint_id)) == ["delivered", "sending"]
    send_due(LATER + timedelta(seconds=5))
    assert {row.status for row in deliveries(salon, endpoint_id)} == {"delivered"}
    assert len(ids(server)) == 3 and len(set(ids(server))) == 2


def test_whoever_slept_over_its_lease_writes_nothing(salon: Business, receiver: Receiver) -> None:
    endpoint_id, _ = receiver(salon)
    tell(salon, endpoint_id, "evt_1")
    (claimed,) = claim(NOON, 10)
    attempt = webhook_call.Attempt(1, None, "It broke.")
    send_due(LATER)
    record_attempt.record(claimed, attempt, LATER)
    record_attempt.broke(claimed, LATER)
    assert deliveries(salon, endpoint_id)[0].status == "delivered"
    assert endpoint(salon, endpoint_id).failing_since is None


def test_two_workers_send_each_once(app: Flask, salon: Business, receiver: Receiver) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, *(f"evt_{n}" for n in range(30)))
    db.session.remove()

    def work() -> None:
        with app.app_context():
            send_due(NOON)
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    send_due(NOON)
    assert sorted(ids(server)) == sorted(f"evt_{n}" for n in range(30))


def test_an_endpoint_that_hangs_keeps_nobody_else_waiting(
    salon: Business, garage: Business, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_call, "SECONDS", 1.0)
    hangs, _ = receiver(salon, lambda connection: sleep(1.5))
    quick, server = receiver(salon)
    strangers, their_server = receiver(garage)
    tell(salon, hangs, *(f"evt_{n}" for n in range(20)))
    tell(salon, quick, "evt_a", "evt_b")
    tell(garage, strangers, "evt_c")
    begin = monotonic()
    seen: list[float] = []
    monkeypatch.setattr(
        record_attempt, "record", _noting(record_attempt.record, quick, strangers, seen, begin)
    )
    send_due(NOON)
    assert len(seen) == 3 and max(seen) < 1.0, "they did not wait for it"
    assert sorted(ids(server)) == ["evt_a", "evt_b"]
    assert their_server.connections == 1
    # It was asked some times at once, and is then left in peace; later it is tried with one.
    assert sum(row.attempts for row in deliveries(salon, hangs)) == EACH
    assert endpoint(salon, hangs).failing_since is not None
    assert len(claim(NOON + timedelta(minutes=2), 10)) == 1


def _noting(
    record: Callable[..., None], quick: int, strangers: int, seen: list[float], begin: float
) -> Callable[..., None]:
    def noted(delivery: object, *more: object) -> None:
        record(delivery, *more)
        if getattr(delivery, "endpoint_id", None) in (quick, strangers):
            seen.append(monotonic() - begin)

    return noted


def test_of_one_endpoint_some_are_taken_and_of_each_tenant_the_first_first(
    salon: Business, garage: Business
) -> None:
    crowded = endpoint_at(salon, "https://a.test/")
    tell(salon, crowded, *(f"evt_{n}" for n in range(20)))
    theirs = endpoint_at(garage, "https://b.test/")
    tell(garage, theirs, "evt_1")
    assert {each.tenant_id for each in claim(NOON, 2)} == {salon.id, garage.id}
    assert len(claim(NOON, 10)) == EACH - 1
    assert claim(NOON, 10) == []


def test_who_was_served_last_comes_last(salon: Business, garage: Business) -> None:
    """A business with endless work and many endpoints leaves every other turn to the stranger."""
    for n in range(5):
        tell(salon, endpoint_at(salon, f"https://{n}.test/"), *(f"evt_{m}" for m in range(20)))
    theirs = endpoint_at(garage, "https://b.test/")
    tell(garage, theirs, "evt_1", "evt_2")
    taken = [claim(NOON + timedelta(seconds=n), 1)[0].tenant_id for n in range(6)]
    assert taken.count(garage.id) == 2


def test_a_tenant_that_is_busy_is_left_out(salon: Business, garage: Business) -> None:
    tell(salon, endpoint_at(salon, "https://a.test/"), "evt_1")
    tell(garage, endpoint_at(garage, "https://b.test/"), "evt_1")
    assert [each.tenant_id for each in claim(NOON, 10, [salon.id])] == [garage.id]


def test_what_leads_inside_by_now_is_not_called(salon: Business) -> None:
    with listener() as inside:
        endpoint_id = endpoint_at(salon, inside.url)
        tell(salon, endpoint_id, "evt_1")
        assert settings().private_networks == ()
        send_due(NOON)
        assert inside.connections == 0
    (row,) = deliveries(salon, endpoint_id)
    assert (row.status, row.error, row.answered) == ("waiting", NOT_REACHED, None)


def test_during_a_rotation_both_secrets_verify_and_then_the_new_one_alone(
    salon: Business, receiver: Receiver
) -> None:
    endpoint_id, server = receiver(salon)
    with tenant_scope(salon.id):
        new = rotate(db.session.get_one(WebhookEndpoint, endpoint_id), NOON)
        db.session.commit()
    tell(salon, endpoint_id, "evt_1")
    send_due(NOON + OVERLAP - timedelta(seconds=1))
    tell(salon, endpoint_id, "evt_2")
    send_due(NOON + OVERLAP)
    (first, body), (second, more) = heard(server)
    for secret in (WEBHOOK_SECRET, new):
        Webhook(secret).verify(body, first)
    Webhook(new).verify(more, second)
    with pytest.raises(WebhookVerificationError):
        Webhook(WEBHOOK_SECRET).verify(more, second)


def test_a_secret_that_cannot_be_read_is_said_and_nothing_goes_unsigned(
    salon: Business, receiver: Receiver
) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, "evt_1")
    before = current_app.extensions["vault"]
    current_app.extensions["vault"] = Vault([derive_key("another")])
    try:
        send_due(NOON)
    finally:
        current_app.extensions["vault"] = before
    assert server.connections == 0
    assert deliveries(salon, endpoint_id)[0].error == UNREADABLE


@pytest.mark.parametrize("content", [b"\x00\xff<script>alert(1)</script>", b"x" * 5000, b""])
def test_whatever_is_answered_is_kept_as_text_and_a_kilobyte_of_it(
    salon: Business, receiver: Receiver, content: bytes
) -> None:
    head = f"HTTP/1.1 500 No\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    endpoint_id, _ = receiver(salon, says(head + content))
    tell(salon, endpoint_id, "evt_1")
    send_due(NOON)
    (row,) = deliveries(salon, endpoint_id)
    assert (row.status, row.answered, row.error) == ("waiting", 500, "It answered 500.")
    assert len(row.answer) <= 1024


def test_our_own_fault_is_tried_again_and_blames_nobody(
    salon: Business, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, "evt_1", "evt_2")
    broken = iter([True])

    def breaks(delivery: object, *more: object) -> object:
        if next(broken, False):
            raise KeyError("a customer's words")
        return call(delivery, *more)  # type: ignore[arg-type]

    monkeypatch.setattr("app.automation.webhooks.send_deliveries.call", breaks)
    send_due(NOON)
    rows = sorted(deliveries(salon, endpoint_id), key=lambda row: row.status)
    assert [row.status for row in rows] == ["delivered", "waiting"]
    assert rows[1].error == record_attempt.FAULT
    assert endpoint(salon, endpoint_id).failing_since is None
    send_due(NOON + timedelta(minutes=1))
    assert server.connections == 2


def test_a_worker_that_is_asked_to_end_begins_nothing(
    salon: Business, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, "evt_1")
    monkeypatch.setattr(shutdown, "requested", lambda: True)
    send_due(NOON)
    assert server.connections == 0
    assert deliveries(salon, endpoint_id)[0].attempts == 0


def test_after_its_time_slice_the_task_is_enqueued_for_the_rest(
    salon: Business, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint_id, _ = receiver(salon)
    tell(salon, endpoint_id, "evt_1")
    asked: list[tasks.Task] = []
    monkeypatch.setattr(tasks, "enqueue", asked.append)
    monkeypatch.setattr(tasks, "SLOW_TIME_SLICE", timedelta(seconds=-1))
    send_due(NOON)
    assert asked == [tasks.Task.SEND_WEBHOOKS]


def test_what_was_entered_as_its_endpoint_was_turned_off_waits_no_more(
    salon: Business, receiver: Receiver
) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, "evt_1")
    assert claim(NOON, 1)
    with tenant_scope(salon.id):
        disable(endpoint_id, "Off.", NOON)
        db.session.commit()
    send_due(LATER)
    assert server.connections == 0
    assert deliveries(salon, endpoint_id)[0].status == "failed"
