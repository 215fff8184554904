"""A visitor's API: what they write comes in once, and nobody else sees what is answered."""

from datetime import timedelta
from io import BytesIO

import jwt
import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app import live
from app.extensions import db
from app.lib.time.clock import now
from app.models import ChatSession, Conversation, Customer, Media, Message, OptOut
from app.streams.stream import BEGIN, LOOK, STILL_HERE
from app.tenancy import tenant_scope
from app.web.chat import chat_limits
from app.webchat import enable_chat, visitor_files, visitor_sessions
from app.webchat.abuse import block_list
from tests.support.browser import Browser
from tests.support.browser import visitor as anybody
from tests.support.streams import Streams
from tests.support.visitors import Visitor, let_leave, switch_on
from tests.support.world import Business

PNG = b"\x89PNG\r\n\x1a\n"


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
    assert ann.feed()["read_up_to"] == last
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
    # Who was refused has used up nothing of the others', and neither has who has no chat at all.
    for host in range(4):
        nobody = Visitor(salon, begin=False)
        nobody.token = "x" * 43
        away = {"environ_base": {"REMOTE_ADDR": f"198.51.100.{host}"}}
        assert nobody.ask("POST", "/messages", json={"body": "Hi"}, **away).status_code == 401
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


def test_whom_the_site_has_signed_in_meets_their_customer_and_nobody_else_does(
    salon: Business, garage: Business
) -> None:
    switch_on(salon)
    keys = {}
    for owner in (salon, garage):
        with tenant_scope(owner.id):
            chat = enable_chat.of_tenant()
            keys[owner.slug], chat.identity_mode = enable_chat.rotate_secret(chat), "warn"
            db.session.get_one(Customer, owner.customer_id).external_id = "C-1"
            db.session.commit()
        db.session.remove()

    def token(slug: str = "salon", sub: str = "C-1") -> str:
        claims = {"iss": "widget", "sub": sub, "name": "Ann", "exp": now().timestamp() + 600}
        return jwt.encode(claims, keys[slug], algorithm="HS256")

    typed, signed, phone = (
        Visitor(salon),
        Visitor(salon, identity=token()),
        Visitor(salon, identity=token()),
    )
    typed.write("I say that I am Ann", name="Ann", email="ann@salon.test")
    signed.write("I am Ann")
    with tenant_scope(salon.id):
        assert customer_of("I am Ann") == salon.customer_id
        assert customer_of("I say that I am Ann") != salon.customer_id
    # On another device they have their chat; not with what was written without it.
    assert phone.sees() == [("visitor", "I am Ann")]
    assert typed.sees() == [("visitor", "I say that I am Ann")]
    again = phone.post("/session", identity=token())
    assert (again.status_code, again.json["token"]) == (200, phone.token)
    for wrong in (token("garage"), "a.b.c"):
        refused = Visitor(salon, begin=False).post("/session", identity=wrong)
        assert (refused.status_code, refused.json["code"]) == (403, "bad_identity")
    # Whom nobody knows yet is called so from now on.
    Visitor(salon, identity=token(sub="C-2")).write("I am new")
    with tenant_scope(salon.id):
        new = db.session.get_one(Customer, customer_of("I am new"))
        assert (new.external_id, new.name) == ("C-2", "Ann")
        enable_chat.of_tenant().identity_mode = "enforce"
        assert enable_chat.unsigned_since(now() - timedelta(days=7)) == 1
        db.session.commit()
    assert typed.write("And now?").json["code"] == "sign_in"
    assert Visitor(salon, begin=False).post("/session").json["code"] == "sign_in"
    assert signed.write("Still me").status_code == 201


def test_files_come_once_staff_have_answered_by_what_is_in_them(
    salon: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(salon)
    ann = Visitor(salon)
    ann.write("A picture follows")

    def send(name: str, content: bytes) -> TestResponse:
        form = {"file": (BytesIO(content), name), "client_token": name}
        return ann.ask("POST", "/files", data=form)

    assert send("early.png", PNG).json["code"] == "no_files_yet"
    with tenant_scope(salon.id):
        who = customer_of("A picture follows")
    staff.post("/messages/send", json={"customer_id": who, "channel": "webchat", "body": "Please"})
    let_leave()
    assert ann.feed()["may_attach"] is True
    assert [send("hair.png", PNG).status_code for _ in range(2)] == [201, 200]
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    assert send("hair.png.svg", svg).json["code"] == "file_kind"
    monkeypatch.setattr(visitor_files, "LARGEST", 100)
    assert send("large.png", PNG + b"\0" * 100).json["code"] == "file_too_large"
    with tenant_scope(salon.id):
        [kept] = db.session.scalars(select(Media).where(Media.name == "hair.png"))
        assert (kept.content_type, kept.state, kept.content) == ("image/png", "stored", PNG)
    files = ann.feed()["messages"][-1]["files"]
    assert files == [{"name": "hair.png", "type": "image/png", "picture": True, "url": None}]
    # One of ours is at an address that only they are told.
    sent = staff.post(
        "/messages/send",
        data={
            "customer_id": who,
            "channel": "webchat",
            "body": "Like this?",
            "files": (BytesIO(PNG), "ours.png"),
        },
    )
    assert sent.status_code < 400, sent.text
    let_leave()
    [file] = ann.feed()["messages"][-1]["files"]
    assert anybody().get(file["url"]).data == PNG


def test_a_stream_says_that_this_chat_has_changed_and_nothing_else(
    streams: Streams, salon: Business, garage: Business
) -> None:
    switch_on(salon)
    ann, bob = Visitor(salon), Visitor(salon)
    bob.write("Hello from Bob")
    answer = ann.ask("GET", "/stream")
    assert answer.mimetype == "text/event-stream"
    # Of her first message she hears, though the stream was there before it; of Bob's never.
    bob.write("Bob again")
    ann.write("Hello from Ann")
    with tenant_scope(salon.id):
        anns, bobs = customer_of("Hello from Ann"), customer_of("Hello from Bob")
    for changed in (str(bobs), f"here-{bobs}", f"message-{bobs}-{anns}", "appointments"):
        live.publish(salon.id, changed)
    live.publish(garage.id, anns)
    ann.post("/end")
    told = b"".join(answer.response).replace(STILL_HERE, b"")
    answer.close()
    assert told == BEGIN + LOOK


def test_who_is_deleted_is_let_in_no_more_and_leaves_nothing_typed(
    salon: Business, garage: Business, admin: Browser
) -> None:
    switch_on(salon)
    ann, bob = Visitor(salon), Visitor(salon)
    ann.write("Hello from Ann", email="ann@x.example")
    bob.write("Hello from Bob")
    with tenant_scope(salon.id):
        who = customer_of("Hello from Ann")
    admin.post("/admin/customers/delete/", data={"id": who})
    assert ann.ask("GET", "/messages").status_code == 401
    assert bob.sees() == [("visitor", "Hello from Bob")]
    with tenant_scope(salon.id):
        assert db.session.scalars(select(ChatSession.typed_email)).all() == [""]
