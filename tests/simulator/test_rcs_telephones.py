"""The simulated telephones can have RCS, lose it, and tap; the API speaks services."""

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.simulator.helpers import ACCOUNT, TOKEN, eventually

SENDER, SERVICE = "bella_agent", "MG" + "a" * 32
CARD = {
    "friendly_name": "Reminder",
    "language": "en",
    "types": {
        "twilio/text": {"body": "{{1}}"},
        "twilio/card": {
            "body": "{{1}}",
            "actions": [
                {"type": "QUICK_REPLY", "title": "Confirm", "id": "confirm:{{about}}"},
                {"type": "URL", "title": "Map", "url": "https://a.example", "id": "click:map"},
            ],
        },
    },
}


@pytest.fixture
def service(sim, product, salon, ann):
    urls = {"callback_url": product.url("/sms"), "fallback_url": product.url("/sms")}
    sim.put(f"services/{SERVICE}", sender=SENDER, number=salon, **urls)
    sim.put(f"phones/{ann}", name="Ann Lee", rcs=True)
    return {"messaging_service_sid": SERVICE, "fallback_from": salon}


def test_it_goes_by_rcs_and_by_sms_with_the_same_sid_once_that_is_lost(
    sim, twilio, product, salon, ann, service
):
    told = {"to": ann, "status_callback": product.url("/status"), **service}
    first = twilio.messages.create(body="One", **told)
    eventually(lambda: sim.arrived(ann) == ["One"])
    assert twilio.messages(first.sid).fetch().from_ == f"rcs:{SENDER}"
    # Listed under the form of the number that it has by then, and not under the other.
    assert [m.sid for m in twilio.messages.list(to=f"rcs:{ann}")] == [first.sid]
    assert twilio.messages.list(to=ann) == []
    sim.put(f"phones/{ann}", name="Ann Lee", rcs=False)
    second = twilio.messages.create(body="Two", **told)
    eventually(lambda: sim.arrived(ann) == ["One", "Two"])
    fetched = twilio.messages(second.sid).fetch()
    assert (fetched.from_, fetched.to, fetched.messaging_service_sid) == (salon, ann, SERVICE)
    calls = product.called("/status", times=4)
    prefixes = {call.form.get("ChannelPrefix") for call in calls if call.form["To"][0] == "r"}
    assert prefixes == {"rcs"}


def test_a_fallback_is_refused_as_twilio_refuses_it(twilio, sim, salon, ann, service):
    for given, code in (
        ({"from_": salon, "fallback_from": salon}, 21664),
        ({"messaging_service_sid": "MG" + "b" * 32, "fallback_from": salon}, 21667),
    ):
        with pytest.raises(TwilioRestException) as refused:
            twilio.messages.create(to=ann, body="Hi", **given)
        assert refused.value.code == code
    sim.text(ann, f"rcs:{SENDER}", "STOP")
    with pytest.raises(TwilioRestException) as stopped:
        twilio.messages.create(to=ann, body="Hi", from_=salon)
    assert stopped.value.code == 21610, "a STOP by RCS holds for the service's number, too"


def test_a_tap_comes_back_by_the_name_of_its_button(sim, twilio, product, salon, ann, service):
    auth = (ACCOUNT, TOKEN)
    made = requests.post(f"{sim.url}/v1/Content", json=CARD, auth=auth, timeout=5)
    assert made.status_code == 201
    twilio.messages.create(
        to=ann,
        content_sid=made.json()["sid"],
        content_variables='{"1": "See you", "about": "42"}',
        **service,
    )
    eventually(lambda: sim.arrived(ann) == ["See you"])
    [card] = sim.on_phone(ann)
    for label in ("Confirm", "Map"):
        sim.post(f"phones/{ann}/tap", sid=card["sid"], label=label)
    calls = product.called("/sms", times=2)
    told = {call.form["ButtonText"]: call.form["ButtonPayload"] for call in calls}
    assert told == {"Confirm": "confirm:42", "Map": "click:map"}
    assert {call.form["From"] for call in calls} == {f"rcs:{ann}"}
    page = requests.get(f"{sim.url}/phones/{ann}?with={salon}&channel=rcs", timeout=5).text
    assert page.count('class="message mine') == 1, "what opens a page shows as no message"
