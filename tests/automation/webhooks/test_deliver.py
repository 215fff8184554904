"""What endpoints are told is a row of the same transaction: once, of one's own business."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.automation.webhooks.deliver import (
    LARGEST_PAYLOAD,
    NoEndpoint,
    TooLarge,
    announce,
    deliver,
)
from app.automation.webhooks.endpoints import disable
from app.extensions import db
from app.models import AutomationEvent, EventType, Origin, WebhookDelivery, WebhookEndpoint
from app.tenancy import tenant_scope, unscoped
from tests.automation.webhooks.conftest import Receiver, endpoint_at
from tests.automation.webhooks.support import deliveries, tell
from tests.support.world import NOON, Business


def happened(owner: Business, type_: EventType = EventType.APPOINTMENT_BOOKED) -> AutomationEvent:
    event = AutomationEvent(
        type=type_,
        customer_id=owner.customer_id,
        facts={"starts_at": "2026-11-20T10:00:00+00:00", "words": "private"},
        origin=Origin.STAFF,
        at=NOON + timedelta(minutes=1),
        due_at=NOON,
    )
    db.session.add(event)
    db.session.flush()
    return event


def count() -> int:
    with unscoped("tests"):
        return db.session.scalar(select(func.count(WebhookDelivery.id))) or 0


def test_an_event_is_told_to_each_endpoint_that_wants_it_once(
    salon: Business, garage: Business
) -> None:
    wanting = endpoint_at(salon, "https://a.test/")
    other = endpoint_at(salon, "https://b.test/", (EventType.CALL_MISSED,))
    strangers = endpoint_at(garage, "https://c.test/")
    with tenant_scope(salon.id):
        event = happened(salon)
        assert announce(event, NOON)
        assert announce(event, NOON)
        db.session.commit()
        event_id = event.id
    (row,) = deliveries(salon, wanting)
    assert (row.webhook_id, row.status, row.next_at) == (f"evt_{event_id}", "waiting", NOON)
    assert deliveries(salon, other) == deliveries(garage, strangers) == []


def test_the_body_is_thin_and_names_nobody(salon: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    with tenant_scope(salon.id):
        announce(happened(salon), NOON)
        db.session.commit()
    (row,) = deliveries(salon, endpoint_id)
    body = json.loads(row.payload)
    assert body["type"] == "appointment.booked"
    assert body["timestamp"] == "2026-11-18T17:01:00.000+00:00"
    assert body["data"] == {
        "event_id": row.webhook_id.removeprefix("evt_"),
        "customer_id": str(salon.customer_id),
        "starts_at": "2026-11-20T10:00:00+00:00",
        "origin": "staff",
    }


def test_what_is_rolled_back_is_told_to_nobody(salon: Business) -> None:
    endpoint_at(salon, "https://a.test/")
    before = count()
    with tenant_scope(salon.id):
        announce(happened(salon), NOON)
        db.session.rollback()
    assert count() == before


def test_an_endpoint_is_not_told_of_what_was_before_it(salon: Business) -> None:
    endpoint_at(salon, "https://a.test/")
    with tenant_scope(salon.id):
        event = happened(salon)
        event.at = NOON - timedelta(seconds=1)
        assert not announce(event, NOON)


def test_nobody_is_told_where_nobody_wants_it(salon: Business) -> None:
    with tenant_scope(salon.id):
        assert not announce(happened(salon), NOON)


def test_an_endpoint_that_is_off_is_told_nothing(salon: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    with tenant_scope(salon.id):
        disable(endpoint_id, "Off.", NOON)
        assert not announce(happened(salon), NOON)
        with pytest.raises(NoEndpoint, match="turned off"):
            deliver(endpoint_id, "x", {}, NOON, "1", NOON)


def test_a_strangers_endpoint_does_not_exist(salon: Business, garage: Business) -> None:
    strangers = endpoint_at(garage, "https://c.test/")
    with tenant_scope(salon.id), pytest.raises(NoEndpoint, match="removed"):
        deliver(strangers, "x", {}, NOON, "1", NOON)


def test_a_rule_that_runs_again_tells_once(salon: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    tell(salon, endpoint_id, "run_1")
    tell(salon, endpoint_id, "run_1", "run_2")
    assert [row.webhook_id for row in deliveries(salon, endpoint_id)] == ["run_1", "run_2"]


def test_what_receivers_need_not_take_is_not_sent(salon: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    with tenant_scope(salon.id), pytest.raises(TooLarge):
        deliver(endpoint_id, "x", {"text": "x" * LARGEST_PAYLOAD}, NOON, "1", NOON)


def test_who_removes_an_endpoint_removes_its_log_and_nobody_elses(
    salon: Business, receiver: Receiver
) -> None:
    kept, gone = receiver(salon)[0], receiver(salon)[0]
    tell(salon, kept, "1")
    tell(salon, gone, "1")
    with tenant_scope(salon.id):
        db.session.delete(db.session.get_one(WebhookEndpoint, gone))
        db.session.commit()
    assert (len(deliveries(salon, kept)), deliveries(salon, gone)) == (1, [])
