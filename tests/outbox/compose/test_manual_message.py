"""What staff write becomes one row to send, or is refused with the reason."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.inbox.statistics import statistics
from app.lib.message_status import MessageStatus
from app.lib.time.clock import local_day
from app.models import Conversation, Customer, Message, Tenant
from app.outbox import transitions
from app.outbox.compose.manual_message import compose
from app.outbox.refused import Refused
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear


def write(business: Business, body: str = "See you at ten", channel: str = "sms") -> Message:
    with tenant_scope(business.id):
        customer = db.session.get_one(Customer, business.customer_id)
        return compose(customer, channel, body, NOON)


def outbound(business: Business) -> int:
    with tenant_scope(business.id):
        query = select(func.count()).select_from(Message).where(Message.direction == "outbound")
        return db.session.scalar(query) or 0


def test_a_message_waits_in_the_outbox(salon: Business, garage: Business) -> None:
    message = write(salon)
    assert message.status is MessageStatus.QUEUED
    assert (message.sender, message.recipient) == (salon.number, salon.customer_number)
    assert outbound(garage) == 0


def test_the_conversation_shows_what_was_written_last(salon: Business) -> None:
    message = write(salon, "One line\nand another")
    with tenant_scope(salon.id):
        talk = db.session.scalars(select(Conversation)).one()
        counts = statistics(local_day(NOON, salon.timezone))
    assert (talk.preview, talk.last_direction) == ("One line and another", "outbound")
    assert talk.last_message_id == message.id
    assert (counts.total, counts.today, counts.by_channel["sms"]) == (2, 2, 2)


@pytest.mark.parametrize(
    ("body", "reason"),
    [("", "empty"), (" \n\x00 ", "empty"), ("x" * 1601, "1,601 characters")],
)
def test_what_cannot_be_sent_is_refused(salon: Business, body: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        write(salon, body)
    db.session.rollback()
    assert outbound(salon) == 0


@pytest.mark.parametrize("channel", ["", "pigeon", "email"])
def test_a_channel_that_cannot_send_is_refused(salon: Business, channel: str) -> None:
    with pytest.raises(Refused):
        write(salon, channel=channel)


def test_whatsapp_needs_the_customers_message_within_24_hours(salon: Business) -> None:
    with pytest.raises(Refused, match="24 hours"):
        write(salon, channel="whatsapp")
    hear(salon, "By WhatsApp", channel="whatsapp", at=NOON - timedelta(hours=24))
    with pytest.raises(Refused, match="24 hours"):
        write(salon, channel="whatsapp")
    hear(salon, "Again", channel="whatsapp", at=NOON - timedelta(hours=23, minutes=59))
    assert write(salon, channel="whatsapp").channel == "whatsapp"


def test_a_business_without_a_number_is_told_so(salon: Business) -> None:
    db.session.get_one(Tenant, salon.id).sms_from = None
    db.session.commit()
    with pytest.raises(Refused, match="No SMS number is connected"):
        write(salon)


def test_a_form_posted_twice_is_one_message(salon: Business, staff: Browser) -> None:
    values = {
        "customer_id": salon.customer_id,
        "channel": "sms",
        "body": "Once",
        "client_token": "t1",
    }
    answers = [staff.post("/messages/send", json=values) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json["id"] for answer in answers if answer.json}) == 1
    assert outbound(salon) == 1


def test_a_form_that_says_something_else_by_now_is_no_repetition(
    salon: Business, staff: Browser
) -> None:
    """Its first answer was lost, and then the text was changed: whoever sends it is told."""
    values = {"customer_id": salon.customer_id, "channel": "sms", "client_token": "t1"}
    first = staff.post("/messages/send", json=values | {"body": "At “three”"}).json
    assert staff.post("/messages/send", json=values | {"body": "At “three” "}).json == first
    for later in ({}, {"send_at": "tomorrow"}):
        other = staff.post("/messages/send", json=values | later | {"body": "At four"})
        assert (other.status_code, (other.json or {})["anew"]) == (422, True)
    with tenant_scope(salon.id):
        message = db.session.get_one(Message, (first or {})["id"])
        db.session.execute(transitions.cancel([Message.id == message.id]))
        db.session.commit()
    taken_back = staff.post("/messages/send", json=values | {"body": "At “three”"})
    assert taken_back.status_code == 422 and "taken back" in taken_back.text
    assert outbound(salon) == 1


def test_a_form_posted_five_times_at_once_is_one_message(
    app: Flask, salon: Business, staff: Browser
) -> None:
    values = {
        "customer_id": salon.customer_id,
        "channel": "sms",
        "body": "Once",
        "client_token": "t2",
    }
    codes: list[int] = []

    def post() -> None:
        with app.app_context():
            codes.append(staff.post("/messages/send", json=values).status_code)

    threads = [threading.Thread(target=post) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert codes == [201] * 5
    assert outbound(salon) == 1


def test_the_same_token_at_two_businesses_is_two_messages(
    salon: Business, garage: Business, staff: Browser
) -> None:
    for business, browser in ((salon, staff), (garage, Browser(garage.staff))):
        values = {"customer_id": business.customer_id, "channel": "sms", "body": "Both"}
        answer = browser.post("/messages/send", json=values | {"client_token": "same"})
        assert answer.status_code == 201
    assert (outbound(salon), outbound(garage)) == (1, 1)


def test_a_form_is_answered_with_the_thread_and_a_refusal_keeps_the_text(
    salon: Business, staff: Browser
) -> None:
    form = {"customer_id": salon.customer_id, "channel": "sms", "body": "Hello"}
    answer = staff.post("/messages/send", data=form)
    assert answer.status_code == 302
    assert answer.location == f"/messages/{salon.customer_id}"
    refused = staff.post("/messages/send", data=form | {"body": "y" * 1700})
    assert refused.status_code == 422
    assert "y" * 1700 in refused.text
    assert "1,700 characters" in refused.text


@pytest.mark.parametrize(
    ("body", "status"),
    [({"customer_id": "x"}, 404), ({"customer_id": 99999}, 404), ({}, 404), ([], 400), ("x", 400)],
)
def test_json_nonsense_is_a_clear_no(
    salon: Business, staff: Browser, body: object, status: int
) -> None:
    answer = staff.post("/messages/send", json=body)
    assert answer.status_code == status
    assert outbound(salon) == 0


CURLY = "It\u2019s ready \u2013 see you\u00a0soon"


def test_an_sms_is_sent_in_plain_characters_unless_the_business_says_no(salon: Business) -> None:
    assert write(salon, CURLY).body == "It's ready - see you soon"
    db.session.get_one(Tenant, salon.id).plain_characters = False
    db.session.commit()
    assert write(salon, CURLY).body == CURLY


def test_whatsapp_is_sent_as_written(salon: Business) -> None:
    hear(salon, "By WhatsApp", channel="whatsapp", at=NOON - timedelta(hours=1))
    assert write(salon, CURLY, channel="whatsapp").body == CURLY


@pytest.mark.parametrize(
    ("body", "segments", "encoding"),
    [("Hi", 1, "GSM-7"), (CURLY, 1, "GSM-7"), ("ж" * 71, 2, "UCS-2")],
)
def test_the_price_is_told_while_writing(
    salon: Business, staff: Browser, body: str, segments: int, encoding: str
) -> None:
    told = staff.post("/messages/segments", data={"body": body}).json
    assert told and (told["segments"], told["encoding"]) == (segments, encoding)
