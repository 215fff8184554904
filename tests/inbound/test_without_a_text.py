"""A message that shows no text says what it was, in the thread and in the list."""

import pytest
from sqlalchemy import select, update

from app.channels import CHANNELS
from app.extensions import db
from app.inbound.receive import EMPTY, receive
from app.models import Answer, Conversation, Message
from app.providers.contract import Received
from app.providers.twilio.inbound import WHAT
from app.replies import words
from app.tenancy import tenant_scope
from tests.support import twilio
from tests.support.browser import Browser
from tests.support.world import NOON, Business, sid

UNSHOWN = "Sent something that only their telephone shows. Ask what it was."


def send(business: Business, body: str, **more: str) -> None:
    form = {
        "MessageSid": sid(),
        "From": f"whatsapp:{business.customer_number}",
        "To": f"whatsapp:{business.number}",
        "Body": body,
        "NumMedia": "0",
        **more,
    }
    assert twilio.post(f"/api/twilio/{business.slug}/whatsapp", form).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ("", "sticker", "Sent a sticker"),
        ("", "contacts", "Sent a contact"),
        ("", "location", "Shared a location"),
        ("", "reaction", "Reacted to a message"),
        ("", "unsupported", UNSHOWN),
        ("", "poll", UNSHOWN),
        # A picture that came without its file.
        ("", "image", UNSHOWN),
        ("", "text", "Sent an empty message"),
        (" \n\u200b\u2800", "text", "Sent an empty message"),
        ("👍", "reaction", "👍"),
        (" Is it raining? ", "unsupported", " Is it raining? "),
    ],
)
def test_what_shows_no_text_says_what_it_was(
    salon: Business, garage: Business, staff: Browser, body: str, kind: str, said: str
) -> None:
    send(salon, body, MessageType=kind)
    with tenant_scope(salon.id):
        newest = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert newest and newest.body == said
    assert said.strip() in staff.get(f"/messages/{salon.customer_id}?part=thread").text
    assert said.strip() in staff.get("/messages?part=list").text
    assert said.strip() not in Browser(garage.staff).get("/messages?part=list").text


def test_a_text_without_a_kind_that_is_blank_is_empty(salon: Business, staff: Browser) -> None:
    twilio.text(salon, "   ")
    assert "Sent an empty message" in staff.get("/messages?part=list").text


def test_a_sticker_is_seen_and_named(salon: Business, staff: Browser) -> None:
    picture = {"MediaUrl0": "https://x", "MediaContentType0": "image/webp", "NumMedia": "1"}
    send(salon, "", MessageType="sticker", **picture)
    assert "Sent a sticker" in staff.get("/messages?part=list").text
    # The sticker itself stands there.
    assert "Sent a sticker" not in staff.get(f"/messages/{salon.customer_id}?part=thread").text


def test_what_is_found_in_the_carriers_list_without_a_text_says_so(salon: Business) -> None:
    message = Received(sid(), salon.customer_number, (), salon.number, "", "", (), what=UNSHOWN)
    receive(salon.route, CHANNELS["whatsapp"], message, NOON)
    with tenant_scope(salon.id):
        assert UNSHOWN in list(db.session.scalars(select(Message.body)))


def test_what_was_kept_before_is_an_empty_message_and_no_empty_bubble(
    salon: Business, staff: Browser
) -> None:
    send(salon, "Hello", MessageType="text")
    with tenant_scope(salon.id):
        db.session.execute(update(Message).values(body="\u200b"))
        db.session.execute(update(Conversation).values(preview=""))
        db.session.commit()
    assert "Empty message" in staff.get(f"/messages/{salon.customer_id}?part=thread").text
    assert "Empty message" in staff.get("/messages?part=list").text


@pytest.mark.parametrize("said", [*WHAT.values(), UNSHOWN, EMPTY])
def test_what_we_say_of_a_message_is_no_answer_to_a_reminder(said: str) -> None:
    assert words.read(said) is Answer.NONE
