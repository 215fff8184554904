"""What Twilio's webhooks do, and what they refuse without writing a row."""

import json
import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask, current_app
from psycopg import _queries
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.extensions import db, vault
from app.factory import quick_redis
from app.inbound import incoming_calls, receive, statement
from app.models import Call, ContactPoint, Conversation, Customer, Media, Message, OptOut, Tenant
from app.tenancy import tenant_scope, unscoped
from tests.support import twilio
from tests.support.browser import Browser, visitor
from tests.support.carrier import OWN
from tests.support.world import Business, sid


def messages_of(business: Business) -> list[Message]:
    with tenant_scope(business.id):
        return list(db.session.scalars(select(Message).order_by(Message.id)))


def customer_of(business: Business, address: str) -> Customer:
    with tenant_scope(business.id):
        known = select(ContactPoint.customer_id).where(ContactPoint.address == address)
        return db.session.scalars(select(Customer).where(Customer.id.in_(known))).one()


def test_a_customers_text_is_in_the_inbox(
    salon: Business, garage: Business, staff: Browser
) -> None:
    answer = twilio.text(salon, "Is tomorrow free?")
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    assert "<Response/>" in answer.text
    assert "Is tomorrow free?" in staff.get("/messages").text
    assert "Is tomorrow free?" not in Browser(garage.staff).get("/messages").text


def test_an_unknown_sender_becomes_a_customer(salon: Business, garage: Business) -> None:
    twilio.text(salon, "Hello", number="+13475550199")
    with tenant_scope(salon.id):
        assert customer_of(salon, "+13475550199").name == "+13475550199"
    with tenant_scope(garage.id):
        query = select(ContactPoint).where(ContactPoint.address == "+13475550199")
        assert db.session.scalar(query) is None


@pytest.mark.parametrize("sender", ["+266696687", "Anonymous", ""])
def test_who_keeps_their_number_back_is_heard_but_is_nobody_to_write_to(
    salon: Business, garage: Business, staff: Browser, sender: str
) -> None:
    before = len(messages_of(salon))
    for body in ("One of them", "STOP"):
        assert twilio.text(salon, body, number=sender).status_code == 200
    first, second = messages_of(salon)[before:]
    assert first.customer_id != second.customer_id, "nobody knows that they are one person"
    with tenant_scope(salon.id):
        person = db.session.get_one(Customer, first.customer_id)
        assert (person.name, person.contact_points) == ("Anonymous", [])
        assert db.session.scalars(select(OptOut)).all() == []
    form = {"customer_id": first.customer_id, "channel": "sms", "body": "Who are you?"}
    answer = staff.post("/messages/send", json=form, headers={"Accept": "application/json"})
    assert (answer.status_code, "no number is known" in answer.text) == (422, True)
    assert "One of them" in staff.get(f"/messages/{first.customer_id}").text


def test_the_same_number_by_sms_and_whatsapp_is_one_customer(salon: Business) -> None:
    twilio.text(salon, "By SMS", number="+13475550199")
    form = twilio.payload(
        "whatsapp_in_text_emoji", From="whatsapp:+13475550199", ProfileName="Ada Lovelace"
    )
    assert twilio.post("/api/twilio/salon/whatsapp", form).status_code == 200
    with tenant_scope(salon.id):
        query = select(ContactPoint).where(ContactPoint.address == "+13475550199")
        points = db.session.scalars(query).all()
    assert {point.channel for point in points} == {"sms", "whatsapp"}
    assert len({point.customer_id for point in points}) == 1
    assert customer_of(salon, "+13475550199").first_name == "Ada"


def test_a_whatsapp_user_without_a_number_is_a_customer(salon: Business) -> None:
    form = twilio.payload("whatsapp_in_bsuid_profile")
    assert twilio.post("/api/twilio/salon/whatsapp", form).status_code == 200
    assert customer_of(salon, "IN.2081978709342942").name == "Muhsin"


def test_a_user_id_and_a_number_that_come_together_are_one_customer(salon: Business) -> None:
    form = twilio.payload("whatsapp_in_text_emoji")
    twilio.post("/api/twilio/salon/whatsapp", form)
    # Later the same person comes by their user id alone.
    later = form | {"From": form["ExternalUserId"], "MessageSid": sid(), "WaId": ""}
    twilio.post("/api/twilio/salon/whatsapp", later)
    by_number = customer_of(salon, "+5511900000001")
    assert customer_of(salon, "BR.1000000000000001").id == by_number.id


def test_a_brazilian_number_with_and_without_the_nine_is_one_customer(salon: Business) -> None:
    form = twilio.payload(
        "whatsapp_in_text_emoji", From="whatsapp:+5511987654321", ExternalUserId=""
    )
    twilio.post("/api/twilio/salon/whatsapp", form)
    twilio.post(
        "/api/twilio/salon/whatsapp",
        form | {"From": "whatsapp:+551187654321", "MessageSid": sid()},
    )
    assert customer_of(salon, "+5511987654321").id == customer_of(salon, "+551187654321").id


@pytest.mark.parametrize(
    "name",
    [
        "sms_in",
        "mms_in",
        "mms_in_two_media",
        "sms_in_stop_default",
        "sms_in_stop_advanced_optout",
        "whatsapp_in_text_2024",
        "whatsapp_in_text_emoji",
        "whatsapp_in_image_caption",
        "whatsapp_in_location",
        "whatsapp_in_reply_quote",
        "whatsapp_in_button_reply",
        "whatsapp_in_bsuid_profile",
    ],
)
def test_every_captured_message_is_stored_whole(salon: Business, name: str) -> None:
    form = twilio.payload(name)
    channel = "whatsapp" if name.startswith("whatsapp") else "sms"
    assert twilio.post(f"/api/twilio/salon/{channel}", form).status_code == 200
    stored = messages_of(salon)[-1]
    assert stored.provider_sid == form["MessageSid"]
    assert stored.channel == channel
    assert form["Body"] in stored.body
    with tenant_scope(salon.id):
        kept = db.session.scalars(select(Media.url).where(Media.message_id == stored.id)).all()
    assert len(kept) == int(form["NumMedia"])


def test_a_shared_location_becomes_a_link(salon: Business) -> None:
    twilio.post("/api/twilio/salon/whatsapp", twilio.payload("whatsapp_in_location"))
    assert "-23.5505199,-46.6333094" in messages_of(salon)[-1].body


def test_a_repeated_sid_is_one_message(salon: Business) -> None:
    before = len(messages_of(salon))
    for _ in range(3):
        assert twilio.text(salon, "Once", MessageSid="SM" + "7" * 32).status_code == 200
    assert len(messages_of(salon)) == before + 1
    with tenant_scope(salon.id):
        # One was unread before, and three posts of one message are one more.
        assert db.session.scalars(select(Conversation.unread_count)).one() == 2


def test_the_same_sid_at_two_businesses_is_two_messages(salon: Business, garage: Business) -> None:
    for business in (salon, garage):
        twilio.text(business, "Both", MessageSid="SM" + "7" * 32)
        assert messages_of(business)[-1].body == "Both"


def at_once(app: Flask, jobs: list[Callable[[], object]]) -> None:
    """Run the jobs in threads that all start together."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            job()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_ten_copies_at_once_are_one_message(app: Flask, salon: Business) -> None:
    before = len(messages_of(salon))
    answers: list[int] = []

    def post() -> None:
        answer = twilio.text(salon, "Once", number="+13475550123", MessageSid="SM" + "8" * 32)
        answers.append(answer.status_code)

    at_once(app, [post] * 10)
    db.session.rollback()
    assert answers == [200] * 10
    assert len(messages_of(salon)) == before + 1


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ("\u2800", "+13475550123"),
        ("\u2060 \u3164", "+13475550123"),
        ("+1 (347) 555-0123", "+13475550123"),
        ("😀", "😀"),
        ("Nails 24/7", "Nails 24/7"),
    ],
)
def test_a_profile_name_that_nobody_sees_or_that_is_a_number_is_none(
    salon: Business, profile: str, name: str
) -> None:
    form = twilio.payload("whatsapp_in_text_2024", ProfileName=profile)
    form |= {"From": "whatsapp:+13475550123", "To": f"whatsapp:{salon.number}"}
    assert twilio.post("/api/twilio/salon/whatsapp", form).status_code == 200
    with tenant_scope(salon.id):
        assert customer_of(salon, "+13475550123").name == name


def test_ten_first_messages_at_once_are_one_customer(app: Flask, salon: Business) -> None:
    answers: list[int] = []

    def post() -> None:
        answers.append(twilio.text(salon, "Hi", number="+13475550123").status_code)

    at_once(app, [post] * 10)
    db.session.rollback()
    assert answers == [200] * 10
    customer = customer_of(salon, "+13475550123")
    with tenant_scope(salon.id):
        query = select(Conversation).where(Conversation.customer_id == customer.id)
        assert db.session.scalars(query).one().unread_count == 10


def test_the_statement_is_parsed_once_and_not_by_every_webhook() -> None:
    for sql in (receive.STATEMENT, incoming_calls.STATEMENT):
        assert len(sql) <= _queries.MAX_CACHED_STATEMENT_LENGTH


def rows(app: Flask) -> int:
    """How many rows of any tenant could have been written by a webhook."""
    with unscoped("tests"):
        tables = (Message, Customer, ContactPoint, Conversation, Media, Call)
        counts = [db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables]
    db.session.rollback()
    return sum(counts)


@pytest.mark.parametrize(
    "path", ["sms", "whatsapp", "message-status", "answer", "status", "whisper"]
)
class TestRefusals:
    def test_an_unknown_slug_is_404(self, app: Flask, salon: Business, path: str) -> None:
        before = rows(app)
        answer = twilio.post(f"/api/twilio/nobody/{path}", twilio.payload("sms_in"))
        assert (answer.status_code, rows(app)) == (404, before)

    def test_a_wrong_signature_is_403(self, app: Flask, salon: Business, path: str) -> None:
        before = rows(app)
        for wrong in ("", "nonsense", "ü", "a" * 28):
            form = twilio.payload("sms_in")
            answer = twilio.post(f"/api/twilio/salon/{path}", form, signature=wrong)
            assert (answer.status_code, rows(app)) == (403, before)

    def test_a_missing_signature_is_403(self, app: Flask, salon: Business, path: str) -> None:
        answer = visitor().post(f"/api/twilio/salon/{path}", data={"Body": "x"})
        assert answer.status_code == 403

    def test_a_signature_for_another_address_is_403(
        self, app: Flask, salon: Business, path: str
    ) -> None:
        form = twilio.payload("sms_in")
        answer = twilio.post(f"/api/twilio/salon/{path}", form, base="https://elsewhere.example")
        assert answer.status_code == 403

    def test_a_huge_body_is_413(self, app: Flask, salon: Business, path: str) -> None:
        before = rows(app)
        form = twilio.payload("sms_in", Body="x" * 200_000)
        answer = twilio.post(f"/api/twilio/salon/{path}", form)
        assert (answer.status_code, rows(app)) == (413, before)

    def test_a_huge_body_in_chunks_is_413(self, app: Flask, salon: Business, path: str) -> None:
        before = rows(app)
        form = twilio.payload("sms_in", Body="x" * 200_000)
        answer = twilio.post_in_chunks(f"/api/twilio/salon/{path}", form)
        assert (answer.status_code, rows(app)) == (413, before)

    def test_a_body_in_chunks_is_understood(self, app: Flask, salon: Business, path: str) -> None:
        form = twilio.payload("sms_in", Body="x" * 50_000, MessageStatus="sent")
        form |= {"CallSid": "CA" + "1" * 32, "CallStatus": "ringing"}
        assert twilio.post_in_chunks(f"/api/twilio/salon/{path}", form).status_code in (200, 204)

    def test_another_content_type_is_refused(self, app: Flask, salon: Business, path: str) -> None:
        before = rows(app)
        for kind in ("application/json", "text/xml", "multipart/form-data", ""):
            answer = visitor().post(
                f"/api/twilio/salon/{path}",
                data=json.dumps(twilio.payload("sms_in")),
                content_type=kind,
                headers={"X-Twilio-Signature": "a" * 28},
            )
            assert answer.status_code in (400, 403, 415)
        assert rows(app) == before

    def test_a_get_is_405(self, app: Flask, salon: Business, path: str) -> None:
        assert visitor().get(f"/api/twilio/salon/{path}").status_code == 405

    def test_a_body_without_fields_is_400(self, app: Flask, salon: Business, path: str) -> None:
        before = rows(app)
        answer = twilio.post(f"/api/twilio/salon/{path}", {"Nothing": "useful"})
        assert (answer.status_code, rows(app)) == (400, before)
        assert "is missing" in answer.text


def test_the_query_is_part_of_what_is_signed(salon: Business) -> None:
    form = twilio.payload("sms_status_sent_service")
    path = "/api/twilio/salon/message-status?mid=not-a-uuid&x=a%20b"
    assert twilio.post(path, form).status_code == 204


def with_own_account(business: Business, token: str) -> None:
    tenant = db.session.get_one(Tenant, business.id)
    tenant.twilio_account_sid = OWN[0]
    tenant.twilio_auth_token_sealed = vault().seal(token)
    db.session.commit()


def test_a_tenants_own_token_signs_and_the_platforms_does_not(salon: Business) -> None:
    with_own_account(salon, "own-token-of-the-salon-0123456789")
    form = twilio.payload("sms_in", AccountSid=OWN[0])
    own = twilio.post("/api/twilio/salon/sms", form, token="own-token-of-the-salon-0123456789")
    assert own.status_code == 200
    form["MessageSid"] = sid()
    # The route is remembered for some seconds; a wrong signature makes it look again.
    assert twilio.post("/api/twilio/salon/sms", form, token="x" * 32).status_code == 403


def test_a_changed_token_counts_at_once(salon: Business) -> None:
    assert twilio.text(salon, "Before").status_code == 200
    with_own_account(salon, "own-token-of-the-salon-0123456789")
    form = twilio.payload("sms_in", AccountSid=OWN[0])
    changed = twilio.post("/api/twilio/salon/sms", form, token="own-token-of-the-salon-0123456789")
    assert changed.status_code == 200


def test_another_tenants_token_signs_nothing_of_ours(salon: Business, garage: Business) -> None:
    with_own_account(garage, "token-of-the-garage-0123456789abc")
    with_own_account(salon, "own-token-of-the-salon-0123456789")
    form = twilio.payload("sms_in", AccountSid=OWN[0])
    answer = twilio.post("/api/twilio/salon/sms", form, token="token-of-the-garage-0123456789abc")
    assert answer.status_code == 403


def test_the_answer_does_not_need_redis(salon: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = quick_redis("redis://127.0.0.1:1")
    monkeypatch.setitem(current_app.extensions, "redis", nobody)
    began = time.monotonic()
    assert twilio.text(salon, "Redis is away").status_code == 200
    assert time.monotonic() - began < 2
    assert messages_of(salon)[-1].body == "Redis is away"


def test_the_answer_is_503_and_no_crash_without_postgresql(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import create_engine

    nowhere = create_engine("postgresql+psycopg://x:x@127.0.0.1:1/x", isolation_level="AUTOCOMMIT")
    monkeypatch.setitem(current_app.extensions, "direct_engine", nowhere)
    answer = twilio.text(salon, "PostgreSQL is away")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_a_connection_that_is_lost_is_made_anew_once(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def lost(_sql: str, values: object) -> None:
        tried.append(values)
        raise OperationalError(None, None, ConnectionError(), connection_invalidated=True)

    monkeypatch.setattr(statement, "_execute", lost)
    assert twilio.text(salon, "Whoever waits for a pooler").status_code == 503
    assert len(tried) == 2
