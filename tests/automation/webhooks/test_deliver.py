"""What endpoints are told is a row of the same transaction: once, of one's own business."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.automation.collect import collect
from app.automation.webhooks.claim_deliveries import due
from app.automation.webhooks.deliver import (
    LARGEST_PAYLOAD,
    NoEndpoint,
    TooLarge,
    deliver,
    thin,
)
from app.automation.webhooks.endpoints import disable
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    AutomationEvent,
    Call,
    EventType,
    Message,
    Origin,
    WebhookDelivery,
    WebhookEndpoint,
)
from app.tenancy import tenant_scope, unscoped
from tests.automation.webhooks.conftest import Receiver, endpoint_at
from tests.automation.webhooks.support import deliveries, tell
from tests.support import world
from tests.support.world import NOON, Business

AT = NOON + timedelta(minutes=1)


def happened(owner: Business, type_: EventType = EventType.APPOINTMENT_BOOKED) -> AutomationEvent:
    event = AutomationEvent(
        type=type_,
        customer_id=owner.customer_id,
        facts={"starts_at": "2026-11-20T10:00:00+00:00", "was": None, "words": "private"},
        origin=Origin.STAFF,
        at=AT,
        due_at=AT + timedelta(seconds=30),
    )
    db.session.add(event)
    db.session.flush()
    return event


def count() -> int:
    with unscoped("tests"):
        return db.session.scalar(select(func.count(WebhookDelivery.id))) or 0


def test_an_event_is_told_to_each_endpoint_that_wants_it_by_its_own_transaction(
    salon: Business, garage: Business
) -> None:
    wanting = endpoint_at(salon, "https://a.test/")
    other = endpoint_at(salon, "https://b.test/", (EventType.CALL_MISSED,))
    strangers = endpoint_at(garage, "https://c.test/")
    before = count()
    with tenant_scope(salon.id):
        happened(salon)
        db.session.rollback()
    assert count() == before
    with tenant_scope(salon.id):
        event = happened(salon)
        db.session.commit()
        event_id, said = event.id, thin(event)
    (row,) = deliveries(salon, wanting)
    assert (row.webhook_id, row.status) == (f"evt_{event_id}", "waiting")
    assert (row.next_at, row.created_at) == (AT + timedelta(seconds=30), AT)
    assert deliveries(salon, other) == deliveries(garage, strangers) == []
    # The body is thin, and what a rule would send of the event is the same.
    assert json.loads(row.payload) == {
        "type": "appointment.booked",
        "timestamp": "2026-11-18T17:01:00.000+00:00",
        "data": said,
    }
    assert said == {
        "event_id": str(event_id),
        "customer_id": str(salon.customer_id),
        "starts_at": "2026-11-20T10:00:00+00:00",
        "origin": "staff",
    }
    with unscoped("tests"):
        assert not due(AT + timedelta(seconds=29))
        assert due(AT + timedelta(seconds=30))


def test_an_endpoint_that_was_off_or_not_there_yet_is_told_nothing(salon: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    with tenant_scope(salon.id):
        endpoint = db.session.get_one(WebhookEndpoint, endpoint_id)
        endpoint.created_at = AT + timedelta(seconds=1)
        db.session.flush()
        happened(salon)
        endpoint.created_at = NOON
        db.session.flush()
        disable(endpoint_id, "Off.", NOON)
        happened(salon)
        db.session.commit()
        assert deliveries(salon, endpoint_id) == []
        with pytest.raises(NoEndpoint, match="turned off"):
            deliver(endpoint_id, "x", {}, NOON, "1", NOON)


def told(owner: Business) -> list[dict[str, Any]]:
    """What happened at the business since AT."""
    db.session.rollback()
    with tenant_scope(owner.id):
        since = select(AutomationEvent).where(AutomationEvent.at >= AT)
        events = db.session.scalars(since.order_by(AutomationEvent.type)).all()
        columns = ("type", "origin", "found_in", "message_id", "call_id", "depth", "at", "due_at")
        return [{name: getattr(event, name) for name in columns} for event in events]


def test_what_customers_do_and_what_fails_is_told_at_once_as_it_would_be_found_later(
    salon: Business, garage: Business
) -> None:
    """Salon has an endpoint; the garage's rows are found by the worker."""
    endpoint_id = endpoint_at(salon, "https://a.test/")
    for owner in (salon, garage):
        with tenant_scope(owner.id):
            world.hear(owner, "Hello?", at=AT)
            sent = world.say(owner, "See you", at=AT)
            failed = update(Message).where(Message.id == sent).values(status=MessageStatus.FAILED)
            db.session.execute(failed)
            missed = {"outcome": "missed", "started_at": AT, "missed_at": AT}
            about = {"customer_id": owner.customer_id, "caller": owner.customer_number}
            db.session.add(Call(**about, **missed))
            db.session.commit()
    at_once = told(salon)
    types = [each["type"] for each in at_once]
    assert types == ["call.missed", "message.failed", "message.received"]
    assert types == sorted(row.type for row in deliveries(salon, endpoint_id))
    assert told(garage) == []
    collect(AT + timedelta(seconds=1))
    collect(AT + timedelta(seconds=2))
    assert told(salon) == at_once, "each is found once"
    places = ("found_in", "message_id", "call_id")
    assert [each | dict.fromkeys(places) for each in told(garage)] == [
        each | dict.fromkeys(places) for each in at_once
    ]
    assert len([row for row in deliveries(salon, endpoint_id) if row.created_at == AT]) == 3


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
