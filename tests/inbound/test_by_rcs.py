"""What comes by RCS is the same person's as by SMS; a tap is read by its button, and one that opens
a page is no message at all."""

import pytest
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from app.extensions import db
from app.inbox import conversation_commands
from app.inbox.conversation_log import By
from app.lib.time.clock import now
from app.models import (
    AutomationEvent,
    ButtonTap,
    ContactPoint,
    Conversation,
    ConversationEvent,
    Customer,
    Message,
    OptOut,
)
from app.tenancy import tenant_scope
from tests.support import twilio
from tests.support.browser import visitor
from tests.support.world import Business

PHONE = "+15555550123"


def tell(business: Business, name: str, **changes: str) -> int:
    path = f"/api/twilio/{business.slug}/sms"
    return twilio.post(path, twilio.payload(name, **changes)).status_code


def known(business: Business) -> list[tuple[str, str, bool]]:
    """Where the person of PHONE is reached, and whether RCS was seen there."""
    with tenant_scope(business.id):
        points = db.session.scalars(select(ContactPoint).where(ContactPoint.address == PHONE)).all()
        found = [(each.channel, each.address, each.rcs_seen_at is not None) for each in points]
        db.session.rollback()
    return found


def heard(business: Business) -> list[tuple[str, str]]:
    with tenant_scope(business.id):
        query = select(Message.channel, Message.body).where(Message.sender == PHONE)
        found = [tuple(row) for row in db.session.execute(query.order_by(Message.id))]
        db.session.rollback()
    return found


def test_one_person_writes_by_rcs_and_by_sms_in_one_conversation(
    salon: Business, garage: Business
) -> None:
    for name in ("rcs_in_bare_from", "rcs_in_text", "rcs_in_text", "rcs_in_reply_by_sms"):
        assert tell(salon, name) == 200
    assert heard(salon) == [
        ("rcs", "Hello"),
        ("rcs", "Can I move my appointment?"),
        ("sms", "ok see you then"),
    ]
    assert known(salon) == [("sms", PHONE, True)], "an address of SMS, and no second one"
    assert known(garage) == [] and heard(garage) == []


def test_a_sender_that_puts_in_place_of_posting_is_heard(salon: Business) -> None:
    path, form = f"/api/twilio/{salon.slug}/sms", twilio.payload("rcs_in_text")
    signed = RequestValidator(twilio.TOKEN).compute_signature("http://localhost" + path, form)
    answer = visitor().put(path, data=form, headers={"X-Twilio-Signature": signed})
    assert answer.status_code == 200 and len(heard(salon)) == 1
    assert visitor().put(path, data=form).status_code == 403


def test_a_stop_by_rcs_ends_texts_too(salon: Business) -> None:
    tell(salon, "rcs_in_stop")
    with tenant_scope(salon.id):
        [stop] = db.session.scalars(select(OptOut).where(OptOut.address == PHONE))
        assert stop.channel == "sms"
    assert twilio.text(salon, "START", number=PHONE).status_code == 200
    with tenant_scope(salon.id):
        db.session.rollback()
        assert db.session.scalars(select(OptOut).where(OptOut.address == PHONE)).all() == []


@pytest.mark.parametrize("payload", ["click:directions", "click:call:" + "0" * 36])
def test_a_tap_that_opens_a_page_is_no_message(
    salon: Business, garage: Business, payload: str
) -> None:
    tell(salon, "rcs_in_text")
    with tenant_scope(salon.id):
        [customer_id] = db.session.scalars(
            select(Message.customer_id).where(Message.sender == PHONE)
        )
        conversation_commands.close(customer_id, By(), now())
        events = db.session.scalar(select(func.count()).select_from(AutomationEvent))
        db.session.commit()
    changes = {} if payload.startswith("click:dir") else {"ButtonPayload": payload}
    for business in (salon, salon, garage):
        assert tell(business, "rcs_in_url_button_tap", **changes) == 200
    assert len(heard(salon)) == 1 and heard(garage) == []
    with tenant_scope(salon.id):
        db.session.rollback()
        talk = db.session.scalars(
            select(Conversation).where(Conversation.customer_id == customer_id)
        ).one()
        assert (talk.closed_at is not None, talk.last_direction) == (True, "inbound")
        told = db.session.scalars(
            select(ConversationEvent.about).where(ConversationEvent.kind == "tapped")
        )
        # Twilio tells it twice, and it is one.
        assert told.all() == ["Directions"]
        assert db.session.scalar(select(func.count()).select_from(AutomationEvent)) == events
    with tenant_scope(garage.id):
        # Nobody knows them there, and a click makes nobody known.
        assert db.session.scalars(select(ButtonTap)).all() == []
        assert db.session.scalar(select(func.count()).select_from(Customer)) == 1


def test_hostile_payloads_are_a_text_like_any_other(salon: Business) -> None:
    for number, payload in enumerate(("confirm:" + "z" * 36, "confirm:", "x" * 5000, "cancel:1")):
        sid = f"SM{number:032x}"
        assert tell(salon, "rcs_in_quick_reply", MessageSid=sid, ButtonPayload=payload) == 200
    assert heard(salon) == [("rcs", "Confirm")] * 4
    with tenant_scope(salon.id):
        taps = db.session.scalars(select(ButtonTap)).all()
        assert {(tap.button, tap.notification_id) for tap in taps} == {("other", None)}
