"""What a person sends again goes under the same webhook-id."""

from datetime import timedelta

import pytest

from app.automation.webhooks import resend
from app.automation.webhooks.claim_deliveries import claim
from app.automation.webhooks.endpoints import disable, enable
from app.automation.webhooks.record_attempt import record
from app.automation.webhooks.send_deliveries import send_due
from app.automation.webhooks.webhook_call import Attempt
from app.extensions import db
from app.lib.outside.web_call import WebAnswer
from app.retention.forget_old import forget
from app.tenancy import tenant_scope
from tests.automation.webhooks.conftest import Receiver, endpoint_at
from tests.automation.webhooks.support import data, deliveries, heard, ids, tell
from tests.support.world import NOON, Business

DAY = timedelta(days=1)
GONE = Attempt(5, WebAnswer(500, "", b""), "It answered 500.")


def again(owner: Business, delivery_id: int) -> bool:
    with tenant_scope(owner.id):
        done = resend.again(delivery_id, NOON)
        db.session.commit()
    return done


def test_one_is_sent_again_as_it_was(salon: Business, garage: Business, receiver: Receiver) -> None:
    endpoint_id, server = receiver(salon)
    tell(salon, endpoint_id, "evt_1", "evt_2")
    send_due(NOON)
    (row, _) = deliveries(salon, endpoint_id)
    assert not again(garage, row.id), "a stranger's is nobody's"
    assert again(salon, row.id)
    assert not again(salon, row.id), "it is under way already"
    send_due(NOON)
    assert ids(server).count("evt_1") == 2
    assert len({body for headers, body in heard(server) if headers["webhook-id"] == "evt_1"}) == 1
    assert deliveries(salon, endpoint_id)[0].attempts == 1


def test_all_that_failed_in_a_time_are_sent_again(salon: Business, garage: Business) -> None:
    endpoint_id, other = (
        endpoint_at(salon, "https://a.test/"),
        endpoint_at(salon, "https://b.test/"),
    )
    theirs = endpoint_at(garage, "https://c.test/")
    for owner, which in ((salon, endpoint_id), (salon, other), (garage, theirs)):
        tell(owner, which, "evt_1", "evt_2")
    _fail_all(salon, endpoint_id, other)
    _fail_all(garage, theirs)
    with tenant_scope(salon.id):
        assert resend.failed_since(endpoint_id, NOON + DAY, NOON + DAY) == 0
        assert resend.failed_since(theirs, NOON - DAY, NOON) == 0
        assert resend.failed_since(endpoint_id, NOON - DAY, NOON) == 2
        db.session.commit()
    assert [row.status for row in deliveries(salon, endpoint_id)] == ["waiting"] * 2
    assert [row.status for row in deliveries(salon, other)] == ["failed"] * 2
    assert [row.status for row in deliveries(garage, theirs)] == ["failed"] * 2


def _fail_all(owner: Business, *endpoints: int) -> None:
    with tenant_scope(owner.id):
        for endpoint_id in endpoints:
            disable(endpoint_id, "Off.", NOON)
        db.session.commit()
        for endpoint_id in endpoints:
            enable(endpoint_id)
        db.session.commit()


def test_nothing_is_sent_again_to_one_that_is_off(salon: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    tell(salon, endpoint_id, "evt_1")
    with tenant_scope(salon.id):
        disable(endpoint_id, "Off.", NOON)
        db.session.commit()
        (row,) = deliveries(salon, endpoint_id)
        assert not resend.again(row.id, NOON)
        assert resend.failed_since(endpoint_id, NOON - DAY, NOON) == 0


def test_one_that_is_sent_again_has_all_attempts_before_it(salon: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    tell(salon, endpoint_id, "evt_1")
    at = NOON
    while claimed := claim(at, 1):
        record(claimed[0], GONE, at)
        (row,) = deliveries(salon, endpoint_id)
        at = row.next_at
        if row.status == "failed":
            break
    assert again(salon, row.id)
    assert claim(NOON, 1)[0].attempts == 1


def test_a_test_event_is_one_of_its_own_each_time(salon: Business, receiver: Receiver) -> None:
    endpoint_id, server = receiver(salon, types=())
    with tenant_scope(salon.id):
        resend.send_test(endpoint_id, NOON)
        resend.send_test(endpoint_id, NOON)
        db.session.commit()
    send_due(NOON)
    assert len(set(ids(server))) == 2
    assert {data(body)["message"] for _, body in heard(server)} == {"This is a test."}


def test_what_is_long_over_is_forgotten_and_what_waits_is_not(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.retention.forget_old.AT_ONCE", 1)
    endpoint_id = endpoint_at(salon, "https://a.test/")
    tell(salon, endpoint_id, "evt_1", "evt_2", "evt_3")
    for over in claim(NOON, 2):
        record(over, Attempt(5, WebAnswer(200, "", b""), ""), NOON)
    kept = timedelta(days=30)
    forget(NOON + kept)
    assert len(deliveries(salon, endpoint_id)) == 3
    forget(NOON + kept + timedelta(seconds=1))
    assert [row.webhook_id for row in deliveries(salon, endpoint_id)] == ["evt_3"]
