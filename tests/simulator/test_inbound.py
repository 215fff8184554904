"""What a telephone sends, and what becomes of it."""

import base64
import json

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.simulator.helpers import ACCOUNT, PNG, TOKEN, eventually

NOBODY = "http://127.0.0.1:9/sms"


def test_a_text_is_posted_signed_with_blank_fields(sim, product, salon, ann):
    sent = sim.text(ann, salon, "Hello & good bye, ñ 🙏")
    call = product.called("/sms")[0]
    assert call.signed
    assert call.form["Body"] == "Hello & good bye, ñ 🙏"
    assert call.form["MessageSid"] == call.form["SmsMessageSid"] == sent["sid"]
    assert (call.form["From"], call.form["To"]) == (ann, salon)
    assert (call.form["FromCity"], call.form["ToCountry"]) == ("", "US")
    assert (call.form["NumMedia"], call.form["NumSegments"]) == ("0", "1")
    assert "ProfileName" not in call.form
    eventually(lambda: sim.on_phone(ann)[0]["webhook"] == "delivered")


def test_a_whatsapp_message_names_its_sender(sim, product, salon, ann):
    sim.text(ann, salon, "Hello", channel="whatsapp")
    form = product.called("/whatsapp")[0].form
    assert (form["From"], form["To"]) == (f"whatsapp:{ann}", f"whatsapp:{salon}")
    assert (form["ProfileName"], form["WaId"]) == ("Ann Lee", ann[1:])
    assert form["ExternalUserId"].startswith("whatsapp:US.")
    assert json.loads(form["ChannelMetadata"])["data"]["context"]["ProfileName"] == "Ann Lee"
    assert form["MessageType"] == "text"
    assert "FromCity" not in form


def test_a_whatsapp_user_without_a_number_is_answered(sim, twilio, product, salon):
    sim.text("US.1234567890", salon, "Hello", channel="whatsapp")
    form = product.called("/whatsapp")[0].form
    assert form["From"] == form["ExternalUserId"] == "whatsapp:US.1234567890"
    assert "WaId" not in form
    twilio.messages.create(to=form["From"], from_=form["To"], body="Good day")
    eventually(lambda: sim.arrived("US.1234567890") == ["Good day"])


def test_a_whatsapp_user_hides_the_number_and_shows_it_again(sim, twilio, product, salon, ann):
    sim.put(f"phones/{ann}", name="Ann", hidden=True)
    sim.text(ann, salon, "By my name alone", channel="whatsapp")
    hidden = product.called("/whatsapp")[0].form
    assert hidden["From"] == hidden["ExternalUserId"]
    assert ann not in str(hidden)
    assert "WaId" not in hidden
    sent = twilio.messages.create(to=hidden["From"], from_=hidden["To"], body="Good day")
    assert sent.to == hidden["From"]
    eventually(lambda: sim.arrived(ann) == ["Good day"])
    assert [each.sid for each in twilio.messages.list(to=hidden["From"])] == [sent.sid]
    page = requests.get(f"{sim.url}/phones/{ann}", {"channel": "whatsapp"}, timeout=5).text
    assert "Number </span>hidden" in page
    requests.post(f"{sim.url}/phones/{ann}/hidden", {"hidden": "0"}, timeout=5)
    sim.text(ann, salon, "It is me", channel="whatsapp")
    shown = product.called("/whatsapp", times=2)[1].form
    assert (shown["From"], shown["ExternalUserId"]) == (f"whatsapp:{ann}", hidden["From"])


def test_several_pictures_are_fetched_from_where_the_webhook_says(sim, product, salon, ann):
    pdf = b"%PDF-1.7 x"
    media = [{"data": base64.b64encode(data).decode()} for data in (PNG, pdf)]
    sim.text(ann, salon, "", media=media)
    form = product.called("/sms")[0].form
    assert (form["NumMedia"], form["MediaContentType1"]) == ("2", "application/pdf")
    assert form["MessageSid"].startswith("MM")
    fetched = requests.get(form["MediaUrl0"], auth=(ACCOUNT, TOKEN), timeout=5)
    assert fetched.content == PNG


def test_only_pictures_and_pdf_can_be_sent(sim, salon, ann):
    page = base64.b64encode(b"<script>alert(1)</script>").decode()
    body = {"to": salon, "media": [{"data": page, "name": "cat.png"}]}
    answer = requests.post(f"{sim.url}/simulator/phones/{ann}/send", json=body, timeout=5)
    assert answer.status_code == 400
    assert "cat.png is no PNG" in answer.json()["error"]


def test_a_twiml_answer_comes_to_the_telephone(sim, product, salon, ann):
    messages = "<Message>Thanks &amp; bye</Message><Message><Body>Two</Body></Message>"
    product.answer("/sms", body=f"<Response>{messages}</Response>")
    sim.text(ann, salon, "Hello")
    eventually(lambda: sorted(sim.arrived(ann)) == ["Thanks & bye", "Two"])


@pytest.mark.parametrize(
    ("status", "body", "kind", "problem"),
    [
        (500, "", "text/html", "HTTP 500"),
        (302, "", "text/html", "HTTP 302"),
        (200, "<Response>", "text/xml", "12100 the answer is no TwiML"),
        (
            200,
            "<!DOCTYPE a [<!ENTITY b 'c'>]><Response/>",
            "text/xml",
            "12100 the answer is no TwiML",
        ),
        (200, "{}", "application/json", "12300 invalid Content-Type application/json"),
    ],
)
def test_a_failed_webhook_is_shown_on_the_telephone(
    sim, product, salon, ann, status, body, kind, problem
):
    product.answer("/sms", status, body, kind)
    sim.text(ann, salon, "Hello")
    eventually(lambda: sim.on_phone(ann)[0]["webhook"] == problem)
    thread = requests.get(f"{sim.url}/phones/{ann}/thread", timeout=5).text
    assert f"webhook failed: {problem}" in thread
    assert len(product.calls) == 1


def test_the_fragment_of_the_url_asks_for_more_attempts(sim, product, salon, ann):
    product.answer("/sms", 503)
    sim.put(f"numbers/{salon}", sms_url=product.url("/sms?a=1") + "#rc=2&rp=5xx,ct")
    sim.text(ann, salon, "Hello")
    calls = product.called("/sms", times=3)
    assert {call.path for call in calls} == {"/sms?a=1"}
    assert all(call.signed for call in calls)
    assert len({call.headers["I-Twilio-Idempotency-Token"] for call in calls}) == 1


def test_the_fallback_learns_what_failed(sim, product, salon, ann):
    sim.put(f"numbers/{salon}", sms_url=NOBODY, fallback_url=product.url("/fallback"))
    sim.text(ann, salon, "Hello")
    call = product.called("/fallback")[0]
    assert call.signed
    assert (call.form["ErrorCode"], call.form["ErrorUrl"]) == ("11205", NOBODY)
    assert call.form["Body"] == "Hello"
    eventually(lambda: sim.on_phone(ann)[0]["webhook"] == "delivered")


def test_stop_blocks_this_pair_only_and_start_frees_it(sim, twilio, product, salon, ann):
    sim.text(ann, salon, " Stop ")
    assert product.called("/sms")[0].form["Body"] == " Stop "
    assert "unsubscribed" in sim.arrived(ann)[0]
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=ann, from_=salon, body="Hello")
    assert refused.value.code == 21610
    twilio.messages.create(to="+14155550199", from_=salon, body="Hello")
    twilio.messages.create(to=ann, from_="+14155550177", body="Another business")
    sim.text(ann, salon, "unstop")
    twilio.messages.create(to=ann, from_=salon, body="Welcome back")
    eventually(lambda: "Welcome back" in sim.arrived(ann))
    assert not any("unsubscribed" in m.body for m in twilio.messages.list())


@pytest.mark.parametrize("body", ["STOP PLEASE", "OPT OUT", "YES", "Start"])
def test_other_words_are_only_words(sim, twilio, product, salon, ann, body):
    sim.text(ann, salon, body)
    product.called("/sms")
    assert sim.arrived(ann) == []
    twilio.messages.create(to=ann, from_=salon, body="Hello")
