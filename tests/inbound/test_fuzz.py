"""Whatever is posted, with a right signature or a wrong one, is answered and never half stored."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from app.extensions import db, redis_client
from app.lib.text.cleaning import clean
from app.models import Conversation, Message
from app.tenancy import tenant_scope
from tests.support.browser import visitor
from tests.support.twilio import TOKEN
from tests.support.world import Business

FIELDS = (
    "MessageSid",
    "From",
    "To",
    "Body",
    "NumMedia",
    "MediaUrl0",
    "MediaContentType0",
    "ProfileName",
    "ExternalUserId",
    "Latitude",
    "Longitude",
    "MessageStatus",
    "ErrorCode",
    "CallSid",
    "CallStatus",
    "DialCallStatus",
    "DialCallDuration",
    "DialBridged",
    "Digits",
)
NASTY = st.sampled_from(
    ["", "\x00", "a\x00b", "\ud800", "+1", "whatsapp:", "٣", "9" * 30, "'; --", "𝔘𝔫𝔦", "-1", "1e9"]
)
VALUES = st.one_of(
    NASTY, st.text(max_size=50), st.sampled_from(["+12125550177", "SM1", "1", "sent", "completed"])
)
SM, CA = "SM" + "1" * 32, "CA" + "1" * 32
# What has no SID is refused before anything else is read: half of them have one.
NAMED = st.sampled_from([{}, {"MessageSid": SM, "CallSid": CA}])
FORMS = st.builds(
    lambda named, more: {**named, **more},
    NAMED,
    st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text(max_size=8)), VALUES, max_size=12),
)
PATHS = st.sampled_from(["sms", "whatsapp", "message-status", "answer", "status", "whisper"])
calm = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def consistent(business: Business) -> bool:
    """Every message has a conversation, and none is without its customer."""
    with tenant_scope(business.id):
        talked = set(db.session.scalars(select(Conversation.customer_id)))
        wrote = set(db.session.scalars(select(Message.customer_id)))
    db.session.rollback()
    return wrote == talked


@calm
@given(path=PATHS, form=FORMS)
def test_signed_nonsense_is_taken_or_refused_but_never_breaks(
    app: Flask, salon: Business, path: str, form: dict[str, str]
) -> None:
    encoded = {k.encode("utf-8", "replace"): v.encode("utf-8", "replace") for k, v in form.items()}
    decoded = {key.decode(): value.decode() for key, value in encoded.items()}
    url = f"/api/twilio/salon/{path}"
    signature = RequestValidator(TOKEN).compute_signature(f"http://localhost{url}", decoded)
    answer = visitor().post(url, data=decoded, headers={"X-Twilio-Signature": signature})
    assert answer.status_code in (200, 204, 400), answer.text
    assert consistent(salon)


@calm
@given(path=PATHS, body=st.binary(max_size=300))
def test_unsigned_bytes_are_refused(app: Flask, salon: Business, path: str, body: bytes) -> None:
    # One caller is not refused so often without being told to wait.
    redis_client().flushdb()
    answer = visitor().post(
        f"/api/twilio/salon/{path}",
        data=body,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": "nonsense"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("sent", "stored"), [(b"a%00b", "ab"), (b"a\x00b", "ab"), (b"x%FF%FE", "x%FF%FE")]
)
def test_what_no_column_stores_is_cleaned(salon: Business, sent: bytes, stored: str) -> None:
    named = f"MessageSid={SM}&From=%2B12125550177&To=%2B14155550100&NumMedia=0&Body="
    fields = named.encode() + sent
    # What is no UTF-8 stays as it was quoted; so it is read, signed and stored.
    body = stored if "%FF" in stored else sent.replace(b"%00", b"\x00").decode()
    read = {"MessageSid": SM, "From": "+12125550177", "To": "+14155550100", "NumMedia": "0"}
    url = "/api/twilio/salon/sms"
    signature = RequestValidator(TOKEN).compute_signature(
        f"http://localhost{url}", read | {"Body": body}
    )
    answer = visitor().post(
        url,
        data=fields,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )
    assert answer.status_code == 200
    assert last_body(salon) == stored


def test_a_lone_surrogate_is_cleaned(salon: Business) -> None:
    assert "\ud800" not in clean("a\ud800b")
    assert clean("a\ud800b").encode()


def last_body(business: Business) -> str:
    with tenant_scope(business.id):
        return db.session.scalars(select(Message.body).order_by(Message.id.desc()).limit(1)).one()
