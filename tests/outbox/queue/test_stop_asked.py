"""Whoever may have asked for no more messages gets none by itself until a person has decided."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import ConsentEvent, Conversation, Customer, Message, Notification
from app.notifications.by_hand import send_now
from app.notifications.dispatch import dispatch
from app.notifications.forecast.preview import preview
from app.notifications.forecast.why import sentence
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.outbox.queue.opt_out import opted_out
from app.outbox.queue.stop_asked import UNDECIDED
from app.outbox.refused import Refused
from app.replies.read import read_replies
from app.tenancy import tenant_scope
from tests.support import twilio as twilio_posts
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.diary import at, book, left, states
from tests.support.world import Business, hear

BOOKED, EVE, START = "2026-11-10 12:00", "2026-11-19 10:00", "2026-11-20 10:00"
ASKING = "Please stop texting me"
MARK = "May want no more messages"
WAITS = "24h 2026-11-19 10:00 planned"


@pytest.fixture
def booked(salon: Business, garage: Business) -> int:
    """Confirmed, and to be reminded on the eve; so is somebody of the strangers."""
    book(garage, START, now=BOOKED)
    id_ = book(salon, START, now=BOOKED)
    dispatch(at(BOOKED))
    left(salon)
    left(garage)
    return id_


def ask(owner: Business, body: str = ASKING) -> None:
    hear(owner, body, at=at("2026-11-18 12:00"))


def page(owner: Business) -> str:
    return f"/messages/{owner.customer_id}"


def decide(staff: Browser, owner: Business, word: str) -> None:
    """By the button on the page."""
    action = staff.get(page(owner)).text.split("/stop-asked/")[1].split("/")[0]
    assert staff.post(f"{page(owner)}/stop-asked/{action}/{word}").status_code == 302


def said(owner: Business) -> str:
    """What is said of the reminder."""
    with tenant_scope(owner.id):
        query = select(Notification).where(Notification.type == "appointment_reminder")
        found = sentence(db.session.scalars(query).one(), at("2026-11-18 13:00"))
        db.session.rollback()
    return found


def test_what_is_planned_waits_says_so_and_goes_on_when_they_are_kept(
    salon: Business, garage: Business, booked: int, staff: Browser, twilio: Carrier
) -> None:
    ask(salon)
    assert said(salon).startswith("Waits: they may have asked for no more messages.")
    dispatch(at(EVE))
    drain(at(EVE))
    assert states(salon, booked) == [WAITS]
    assert not twilio.sent(salon.customer_number)
    assert len(twilio.sent(garage.customer_number)) == 1
    with tenant_scope(salon.id):
        entries = preview(at("2026-11-18 13:00"), at(START)).left_out
        assert [entry.reason for entry in entries] == [UNDECIDED]
        row = db.session.scalars(select(Notification).where(Notification.status == "planned")).one()
        with pytest.raises(Refused, match="stop the messages or keep"):
            send_now(row.id, at(EVE))
    decide(staff, salon, "keep")
    dispatch(at(EVE))
    drain(at(EVE))
    assert len(twilio.sent(salon.customer_number)) == 1
    assert MARK not in staff.get(page(salon)).text


def test_who_is_stopped_gets_nothing_more_and_staff_are_told_why(
    salon: Business, garage: Business, booked: int, staff: Browser, twilio: Carrier
) -> None:
    ask(salon)
    decide(staff, salon, "stop")
    dispatch(at(EVE))
    drain(at(EVE))
    assert states(salon, booked) == ["24h 2026-11-19 10:00 opted_out"]
    assert not twilio.sent(salon.customer_number)
    with tenant_scope(salon.id):
        event = db.session.scalars(select(ConsentEvent)).one()
        assert (event.said, event.source, event.address) == ("stop", "staff", salon.customer_number)
        proof = db.session.get_one(Message, event.message_id)
        assert proof.body == ASKING
    with tenant_scope(garage.id):
        assert not opted_out("sms", salon.customer_number)
        db.session.rollback()
    text = staff.get(page(salon)).text
    assert "This person asked for no more messages. You cannot write to them here" in text
    assert "Your team read this as a STOP: nothing more is sent to this number by SMS." in text
    twilio_posts.text(salon, "START")
    with tenant_scope(salon.id):
        assert not opted_out("sms", salon.customer_number)
        db.session.rollback()


def test_what_is_in_the_outbox_waits_there_and_what_staff_write_goes(
    salon: Business, booked: int, staff: Browser, twilio: Carrier
) -> None:
    dispatch(at(EVE))
    ask(salon)
    with tenant_scope(salon.id):
        customer = db.session.get_one(Customer, salon.customer_id)
        compose(customer, "sms", "We stop it, promised", at(EVE))
    drain(at(EVE))
    assert [each["body"] for each in twilio.sent(salon.customer_number)] == ["We stop it, promised"]
    assert said(salon).startswith("Waits in the outbox since")
    assert "they may have asked for no more messages" in said(salon)
    decide(staff, salon, "keep")
    drain(at(EVE) + timedelta(minutes=1))
    assert len(twilio.sent(salon.customer_number)) == 2


@pytest.mark.parametrize("place", ["planned", "in the outbox"])
def test_what_nobody_decided_in_time_never_goes(
    salon: Business, booked: int, staff: Browser, twilio: Carrier, place: str
) -> None:
    if place == "in the outbox":
        dispatch(at(EVE))
    ask(salon)
    over = at(START) + timedelta(minutes=1)
    for _ in range(2):
        dispatch(over)
        drain(over)
        if MARK in staff.get(page(salon)).text:
            decide(staff, salon, "keep")
    assert not twilio.sent(salon.customer_number)
    if place == "planned":
        assert "Nobody decided it until this one came too late" in said(salon)
    else:
        assert "by now it would say what no longer holds" in said(salon)


def test_who_asks_again_is_not_settled_by_what_was_decided_before(
    salon: Business, garage: Business, staff: Browser
) -> None:
    ask(salon)
    first = staff.get(page(salon)).text.split("/stop-asked/")[1].split("/")[0]
    ask(salon, "No me manden más mensajes")
    for word in ("keep", "stop"):
        assert staff.post(f"{page(salon)}/stop-asked/{first}/{word}").status_code == 302
    with tenant_scope(salon.id):
        assert db.session.scalars(select(Conversation)).one().stop_asked_id
        assert not opted_out("sms", salon.customer_number)
        db.session.rollback()
    with tenant_scope(garage.id):
        theirs = db.session.scalars(select(Message.id)).first()
        db.session.rollback()
    assert staff.post(f"{page(garage)}/stop-asked/{theirs}/stop").status_code == 404


def test_whatsapps_other_name_for_them_is_stopped_with_their_number(
    salon: Business, garage: Business, staff: Browser
) -> None:
    form = twilio_posts.payload(
        "whatsapp_in_text_emoji", From=f"whatsapp:{salon.customer_number}", Body=ASKING
    )
    twilio_posts.post("/api/twilio/salon/whatsapp", form)
    decide(staff, salon, "stop")
    with tenant_scope(salon.id):
        assert opted_out("whatsapp", salon.customer_number)
        assert opted_out("whatsapp", form["ExternalUserId"].removeprefix("whatsapp:"))
        assert not opted_out("sms", salon.customer_number)
        db.session.rollback()


def test_staff_see_it_in_the_list_and_in_the_thread(salon: Business, staff: Browser) -> None:
    ask(salon, "Stop. Thank you <b>")
    for path in ("/messages", "/messages?waiting=1", page(salon)):
        assert MARK in staff.get(path).text
    assert "“Stop. Thank you &lt;b&gt;”" in staff.get(page(salon)).text
    listed = staff.client.get("/messages", headers={"Accept": "application/json"}).json
    assert listed and listed["conversations"][0]["may_want_no_more"] is True
    decide(staff, salon, "keep")
    assert MARK not in staff.get("/messages?waiting=1").text


def test_nothing_is_answered_to_who_may_want_no_more_messages(salon: Business, booked: int) -> None:
    ask(salon)
    hear(salon, "cancel please", at=at("2026-11-18 12:01"))
    read_replies(at("2026-11-18 12:02"))
    with tenant_scope(salon.id):
        ours = select(Message).where(Message.client_token.like("reply-%"))
        assert not db.session.scalars(ours).all()
        db.session.rollback()


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("Stop!", "Ann wrote STOP: nothing more is sent to this number by SMS."),
        ("Baja", "Ann wrote BAJA: nothing more is sent to this number by SMS."),
    ],
)
def test_the_thread_tells_what_a_word_did(
    salon: Business, garage: Business, staff: Browser, word: str, told: str
) -> None:
    hear(garage, "STOP", number=salon.customer_number)
    hear(salon, word)
    assert told in staff.get(page(salon)).text
    hear(salon, "START")
    text = staff.get(page(salon)).text
    assert "Ann wrote START: that takes back the STOP by SMS." in text
