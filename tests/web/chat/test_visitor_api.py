"""A visitor's API: what they write comes in once, and nobody else sees what is answered."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.lib.time.clock import now
from app.models import ChatSession, Conversation, Customer, Message, OptOut
from app.tenancy import tenant_scope
from app.web.chat import chat_limits
from app.webchat import block_list, visitor_sessions
from tests.support.browser import Browser
from tests.support.browser import visitor as anybody
from tests.support.visitors import Visitor, let_leave, switch_on
from tests.support.world import Business


def count(kind: type) -> int:
    found = db.session.scalar(select(func.count()).select_from(kind))
    db.session.rollback()
    return found or 0


def customer_of(body: str) -> int:
    found = db.session.scalars(select(Message.customer_id).where(Message.body == body)).one()
    db.session.rollback()
    return found


def test_a_visitor_writes_staff_answer_and_nobody_else_sees_it(
    salon: Business, garage: Business, staff: Browser
) -> None:
    switch_on(salon)
    switch_on(garage)
    ann, bob, stranger = Visitor(salon), Visitor(salon), Visitor(garage)
    with tenant_scope(salon.id):
        before = count(Customer)
        assert ann.feed()["messages"] == []
        assert count(Customer) == before, "nobody is a customer before the first message"
        first = ann.write("Are you open on Sunday?", client_token="one")
        again = ann.write("Are you open on Sunday?", client_token="one")
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json["id"] == again.json["id"]
        assert ann.write("No, Monday", client_token="one").status_code == 409
        assert count(Customer) == before + 1
    assert bob.write("Hello from Bob").status_code == 201
    with tenant_scope(salon.id):
        who = customer_of("Are you open on Sunday?")
    assert "Are you open on Sunday?" in staff.get("/messages").text
    sent = staff.post(
        "/messages/send", json={"customer_id": who, "channel": "webchat", "body": "Yes, till 6"}
    )
    assert sent.status_code in (200, 201), sent.text
    assert ann.sees() == [("visitor", "Are you open on Sunday?")], "it has not left yet"
    let_leave()
    assert ann.sees() == [("visitor", "Are you open on Sunday?"), ("business", "Yes, till 6")]
    assert ann.sees(after=first.json["id"]) == [("business", "Yes, till 6")]
    assert ann.feed()["messages"][1]["author"] == "Staff"
    assert bob.sees() == [("visitor", "Hello from Bob")]
    assert stranger.sees() == []
    # Another business does not know the token.
    stranger.token = ann.token
    assert stranger.ask("GET", "/messages").status_code == 401


def test_what_the_panel_has_got_and_shown_is_told_to_staff(
    salon: Business, garage: Business, staff: Browser
) -> None:
    switch_on(salon)
    ann = Visitor(salon)
    ann.write("Hello?")
    with tenant_scope(salon.id):
        who = customer_of("Hello?")
    staff.post("/messages/send", json={"customer_id": who, "channel": "webchat", "body": "Hi"})
    let_leave()
    told = ann.feed()
    assert told["seen_up_to"] == 0 or told["seen_up_to"] == told["messages"][0]["id"]
    last = told["messages"][-1]["id"]
    for state, more in (("delivered", {"delivered": last}), ("read", {"read": last})):
        assert ann.post("/presence", doing="looking", **more).status_code == 204
        with tenant_scope(salon.id):
            assert db.session.get_one(Message, last).status == state
        db.session.remove()
    # An id that is not theirs moves nothing.
    Visitor(salon).post("/presence", read=last + 10, doing="typing")
    here = staff.post(f"/messages/{who}/presence", data={"doing": "looking"}).json["said"]
    assert here == "The customer is looking"
    assert ann.feed()["typing"] is False
    staff.post(f"/messages/{who}/presence", data={"doing": "typing"})
    assert ann.feed()["typing"] is True


def test_who_has_no_token_that_holds_is_told_so(salon: Business) -> None:
    switch_on(salon)
    ann = Visitor(salon)
    ann.write("Hello?")
    moment = now()
    with tenant_scope(salon.id):
        token = ann.token
        assert visitor_sessions.find(token, moment + timedelta(days=29))
        assert not visitor_sessions.find(token, moment + timedelta(days=31))
    assert ann.post("/end").status_code == 204
    for refused in (
        ann.ask("GET", "/messages"),
        ann.write("Still there?"),
        ann.ask("GET", "/stream"),
    ):
        assert (refused.status_code, refused.json["code"]) == (401, "session_over")
    # The token counts in its header alone.
    bob = Visitor(salon)
    address = f"{bob.base}/messages?token={bob.token}"
    assert anybody().get(address).status_code == 401


def test_words_that_cannot_be_a_message_are_refused_in_words(salon: Business) -> None:
    switch_on(salon)
    ann = Visitor(salon)
    for body, code in ((" \n ", "empty"), ("\x00", "empty"), ("a" * 4001, "too_long")):
        refused = ann.write(body)
        assert (refused.status_code, refused.json["code"]) == (422, code)
        assert refused.json["error"].endswith(".")
    assert ann.write("Hi", email="nobody@@").json["code"] == "bad_email"
    assert (
        ann.ask("POST", "/messages", data="[1", content_type="application/json").status_code == 422
    )
    assert ann.sees() == []


def test_a_blocked_visitor_sees_sent_and_nothing_comes_in(
    salon: Business, garage: Business
) -> None:
    switch_on(salon)
    ann, bob = Visitor(salon), Visitor(salon)
    ann.write("First")
    with tenant_scope(salon.id):
        address = db.session.scalars(select(ChatSession.address).order_by(ChatSession.id)).first()
        block_list.block_visitor(str(address), "Spam", None, now())
        db.session.commit()
        before = count(Message)
    seems = ann.write("Buy this", client_token="x")
    assert seems.status_code == 201 and seems.json["id"]
    assert bob.write("I am another").status_code == 201
    with tenant_scope(salon.id):
        block_list.block_network(block_list.network_of("127.0.0.1"), "", None, now())
        db.session.commit()
    assert bob.write("From the same house").status_code == 201
    with tenant_scope(salon.id):
        assert count(Message) == before + 1
        with pytest.raises(block_list.BadNetwork, match="widest"):
            block_list.network_of("0.0.0.0/0")


def test_each_caller_has_limits_of_its_own_and_is_told_how_long_to_wait(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(salon)
    ann, elsewhere = Visitor(salon), Visitor(salon)
    monkeypatch.setattr(chat_limits, "MESSAGES", chat_limits.parse_many("2 per minute"))
    monkeypatch.setitem(chat_limits.CEILINGS, "message", chat_limits.parse_many("4 per minute"))
    answers = [ann.write(f"Number {number}") for number in range(5)]
    assert [each.status_code for each in answers] == [201, 201, 429, 429, 429]
    assert answers[2].json["code"] == "too_fast" and int(answers[2].headers["Retry-After"]) > 0
    # Who was refused has used up nothing of the others'.
    there = {"environ_base": {"REMOTE_ADDR": "198.51.100.7"}}
    wrote = [elsewhere.ask("POST", "/messages", json={"body": "Hi"}, **there) for _ in range(2)]
    assert [each.status_code for each in wrote] == [201, 201]


def test_a_stop_holds_in_the_chat_too(salon: Business, staff: Browser) -> None:
    switch_on(salon)
    ann = Visitor(salon)
    ann.write("Hi")
    with tenant_scope(salon.id):
        who = customer_of("Hi")
    ann.write("STOP")
    with tenant_scope(salon.id):
        assert db.session.scalar(select(OptOut.channel)) == "webchat"
    answer = staff.post(
        "/messages/send", json={"customer_id": who, "channel": "webchat", "body": "But why?"}
    )
    assert answer.status_code == 422, answer.text
    ann.write("START")
    with tenant_scope(salon.id):
        assert db.session.scalar(select(OptOut.channel)) is None
        assert (
            db.session.scalar(
                select(Conversation.last_channel).where(Conversation.customer_id == who)
            )
            == "webchat"
        )
