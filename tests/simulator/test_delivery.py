"""What happens to a message after it was accepted."""

from tests.simulator.helpers import eventually


def statuses(calls):
    return {call.status for call in calls}


def test_each_status_is_posted_signed_with_our_query_kept(twilio, product, salon, ann):
    callback = product.url("/status?mid=42&x=a%20b")
    sid = twilio.messages.create(to=ann, from_=salon, body="Hi", status_callback=callback).sid
    calls = product.called("/status", times=2)
    assert statuses(calls) == {"sent", "delivered"}
    assert all(call.signed and call.path == "/status?mid=42&x=a%20b" for call in calls)
    form = calls[0].form
    assert (form["MessageSid"], form["SmsSid"], form["To"], form["From"]) == (sid, sid, ann, salon)
    assert "ErrorCode" not in form
    assert calls[0].headers["User-Agent"] == "TwilioProxy/1.1"
    tokens = {call.headers["I-Twilio-Idempotency-Token"] for call in calls}
    assert len(tokens) == 2


def test_a_number_told_to_fail_fails_later_with_its_code(sim, twilio, product, salon, ann):
    sim.put("faults", reject={ann: 30003})
    twilio.messages.create(to=ann, from_=salon, body="Hi", status_callback=product.url("/status"))
    calls = product.called("/status", times=2)
    assert statuses(calls) == {"sent", "undelivered"}
    assert [c.form["ErrorCode"] for c in calls if c.status == "undelivered"] == ["30003"]
    assert sim.arrived(ann) == []
    message = twilio.messages.list(to=ann)[0]
    assert (message.status, message.error_code) == ("undelivered", 30003)


def test_free_text_on_whatsapp_needs_an_open_window(sim, twilio, product, salon, ann):
    fields = {"to": f"whatsapp:{ann}", "from_": f"whatsapp:{salon}", "body": "Hi"}
    twilio.messages.create(**fields, status_callback=product.url("/status"))
    call = product.called("/status")[0]
    assert (call.status, call.form["ErrorCode"]) == ("undelivered", "63016")
    assert call.form["ChannelPrefix"] == "whatsapp"
    assert call.form["ChannelToAddress"] == "+1415555XXXX"
    sim.text(ann, f"whatsapp:{salon}", "Hello")
    twilio.messages.create(**fields)
    eventually(lambda: sim.arrived(ann) == ["Hi"])


def test_a_template_reaches_whatsapp_at_any_time(sim, twilio, salon, ann):
    sim.put(f"contents/HX{'a' * 32}", body="Hi {{1}}, see you at {{2}}.")
    message = twilio.messages.create(
        to=f"whatsapp:{ann}",
        from_=f"whatsapp:{salon}",
        content_sid="HX" + "a" * 32,
        content_variables='{"1":"Ann","2":"ten"}',
    )
    assert message.sid.startswith("MM")
    assert message.body == "Hi Ann, see you at ten."
    eventually(lambda: sim.arrived(ann) == ["Hi Ann, see you at ten."])


def test_a_template_with_an_open_gap_fails_later(sim, twilio, product, salon, ann):
    sim.put(f"contents/HX{'a' * 32}", body="Hi {{1}}, see you at {{2}}.")
    twilio.messages.create(
        to=f"whatsapp:{ann}",
        from_=f"whatsapp:{salon}",
        content_sid="HX" + "a" * 32,
        content_variables='{"1":"Ann"}',
        status_callback=product.url("/status"),
    )
    assert product.called("/status")[0].form["ErrorCode"] == "63028"


def test_whatsapp_tells_that_it_was_read_and_sms_does_not(sim, twilio, product, salon, ann):
    sim.text(ann, f"whatsapp:{salon}", "Hello")
    twilio.messages.create(to=ann, from_=salon, body="by text")
    twilio.messages.create(
        to=f"whatsapp:{ann}",
        from_=f"whatsapp:{salon}",
        body="by WhatsApp",
        status_callback=product.url("/status"),
    )
    eventually(lambda: len(sim.arrived(ann)) == 2)
    assert sim.post(f"phones/{ann}/read")["read"] == 2
    assert statuses(product.called("/status", times=3)) == {"sent", "delivered", "read"}
    status = {m["body"]: m["status"] for m in sim.on_phone(ann)}
    assert (status["by text"], status["by WhatsApp"]) == ("delivered", "read")


def test_a_callback_that_fails_is_shown_on_the_message(sim, twilio, product, salon, ann):
    product.answer("/status", 403)
    twilio.messages.create(to=ann, from_=salon, body="Hi", status_callback=product.url("/status"))
    eventually(lambda: sim.on_phone(ann)[0]["webhook"] == "HTTP 403")
