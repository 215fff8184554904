"""What is due of a business is entered by few statements, and is what it would be one by one."""

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.extensions import db
from app.models import (
    Appointment,
    ContactPoint,
    Conversation,
    Customer,
    Message,
    MessageCount,
    Notification,
    message_count,
)
from app.notifications.dispatch import dispatch, settled_together
from app.notifications.planning.plan import keep
from app.tenancy import tenant_scope
from tests.support.beside import Beside
from tests.support.diary import at, book, states
from tests.support.queries import statements
from tests.support.world import Business

BOOKED, EVE, START = "2026-11-10 12:00", "2026-11-19 10:00", "2026-11-20 10:00"
MANY = 30
TALK = {
    "last_message_at": at(BOOKED),
    "last_message_id": 0,
    "last_channel": "sms",
    "last_direction": "outbound",
    "preview": "Hi",
}


@pytest.fixture
def people(salon: Business, garage: Business) -> list[int]:
    """Many new customers, each with an appointment whose confirmation is due at BOOKED; and one of
    another business."""
    book(garage, START, BOOKED)
    with tenant_scope(salon.id):
        found = [Customer(first_name=f"Ann {number}", last_name="") for number in range(MANY)]
        db.session.add_all(found)
        db.session.flush()
        for number, each in enumerate(found):
            place = f"+1646555{number:04}"
            db.session.add(ContactPoint(customer_id=each.id, channel="sms", address=place))
            visit = Appointment(customer_id=each.id, starts_at=at(START), booked_at=at(BOOKED))
            db.session.add(visit)
            keep(visit, at(BOOKED))
        db.session.commit()
        return [each.id for each in found]


def said(salon: Business) -> dict[int, list[str]]:
    """What goes out to each customer by itself."""
    query = select(Message).where(Message.client_token.like("notification-%")).order_by(Message.id)
    with tenant_scope(salon.id):
        found: dict[int, list[str]] = {}
        for each in db.session.scalars(query):
            found.setdefault(each.customer_id, []).append(each.body)
        db.session.rollback()
    return found


def test_many_are_entered_by_as_many_statements_as_a_few(
    salon: Business, people: list[int]
) -> None:
    with statements() as made:
        assert dispatch(at(BOOKED)) == MANY + 1
    assert len(made) < 2 * MANY, "for some thirty of one business, and one of another"
    found = said(salon)
    assert sorted(found) == people
    assert all(len(texts) == 1 for texts in found.values())
    with tenant_scope(salon.id):
        names = dict(db.session.execute(select(Customer.id, Customer.first_name)).all())
        assert all(f"Hi {names[id_]}," in texts[0] for id_, texts in found.items())
        talks = db.session.scalars(select(Conversation).where(Conversation.customer_id.in_(people)))
        shown = {talk.customer_id: (talk.preview, talk.last_direction) for talk in talks}
        assert shown == {id_: (texts[0], "automatic") for id_, texts in found.items()}


def test_of_two_to_one_customer_each_is_decided_on_after_the_other(salon: Business) -> None:
    both = [book(salon, f"2026-11-20 {hour}:00", BOOKED) for hour in (10, 11)]
    with tenant_scope(salon.id):
        ids = list(db.session.scalars(select(Notification.id)))
        assert len(settled_together(ids, at(BOOKED))) == 1
    ends = [states(salon, each, "booking_confirmation")[0].split()[-1] for each in both]
    assert ends == ["sent", "planned"]
    dispatch(at(BOOKED))
    assert [len(texts) for texts in said(salon).values()] == [2]


def test_whoever_has_a_conversation_gets_the_counters_before_the_batch_that_waits_for_it(
    app: Flask, salon: Business, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As staff do who write to one of them: the conversation, and then the counters."""
    # All count in one place.
    monkeypatch.setattr(message_count, "SHARDS", 1)
    with tenant_scope(salon.id):
        ids = list(db.session.scalars(select(Notification.id)))
        db.session.add(Conversation(customer_id=people[-1], **TALK))
        db.session.flush()
        dispatcher = Beside(app, salon, lambda: settled_together(ids, at(BOOKED)))
        dispatcher.start()
        dispatcher.waits()
        # Had it taken them already, this would wait for whoever waits for us.
        db.session.execute(text("SET LOCAL lock_timeout = '300ms'"))
        db.session.execute(MessageCount.add(at(BOOKED).date(), "sms", "outbound", 1))
        db.session.commit()
    dispatcher.join()
    assert dispatcher.error is None
    assert {id_: len(texts) for id_, texts in said(salon).items()} == dict.fromkeys(people, 1)
