"""What goes wrong when it is asked to."""

import time

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.simulator.helpers import ACCOUNT, TOKEN, eventually


def send(twilio, salon, ann, **more):
    return twilio.messages.create(to=ann, from_=salon, body="Hello", **more)


@pytest.mark.parametrize(("fault", "status"), [("rate_429", 429), ("rate_500_before", 500)])
def test_a_request_refused_before_leaves_no_message(sim, twilio, salon, ann, fault, status):
    sim.put("faults", **{fault: 1})
    with pytest.raises(TwilioRestException) as refused:
        send(twilio, salon, ann)
    assert refused.value.status == status
    assert sim.get("messages")["messages"] == []


def test_a_message_may_be_taken_although_the_answer_is_an_error(sim, twilio, salon, ann):
    sim.put("faults", rate_500_after=1)
    with pytest.raises(TwilioRestException):
        send(twilio, salon, ann)
    eventually(lambda: sim.arrived(ann) == ["Hello"])


def test_a_message_may_be_taken_although_the_connection_is_reset(sim, twilio, salon, ann):
    sim.put("faults", reset_after=1)
    with pytest.raises(requests.ConnectionError, match="reset"):
        send(twilio, salon, ann)
    eventually(lambda: sim.arrived(ann) == ["Hello"])


def test_a_message_may_be_taken_although_the_answer_is_garbage(sim, twilio, salon, ann):
    sim.put("faults", garbage_answer=1)
    with pytest.raises(ValueError, match=r"line 1 column"):
        send(twilio, salon, ann)
    eventually(lambda: sim.arrived(ann) == ["Hello"])


def test_latency_holds_back_the_answer(sim, twilio, salon, ann):
    sim.put("faults", latency_ms=[60, 80])
    begun = time.monotonic()
    send(twilio, salon, ann)
    assert time.monotonic() - begun >= 0.06


def test_a_lagging_list_shows_a_message_later(sim, twilio, salon, ann):
    sim.put("faults", list_lag_seconds=0.3)
    sid = send(twilio, salon, ann).sid
    assert twilio.messages.list(to=ann) == []
    assert twilio.messages(sid).fetch().sid == sid
    eventually(lambda: twilio.messages.list(to=ann))


def test_callbacks_are_dropped_and_doubled(sim, twilio, product, salon, ann):
    sim.put("faults", drop_callbacks=1)
    send(twilio, salon, ann, status_callback=product.url("/dropped"))
    eventually(lambda: sim.arrived(ann) == ["Hello"])
    sim.put("faults", duplicate_callbacks=1)
    send(twilio, salon, ann, status_callback=product.url("/doubled"))
    calls = product.called("/doubled", times=4)
    assert sorted(call.status for call in calls) == ["delivered", "delivered", "sent", "sent"]
    assert len({call.headers["I-Twilio-Idempotency-Token"] for call in calls}) == 2
    assert not [call for call in product.calls if call.path == "/dropped"]


def test_a_callback_is_overtaken_by_the_next(sim, twilio, product, salon, ann):
    sim.put("faults", reorder_callbacks=0.5, seed=3)

    def order(number: int) -> list[str]:
        send(twilio, salon, ann, status_callback=product.url(f"/order{number}"))
        return [call.status for call in product.called(f"/order{number}", times=2)]

    # On a busy machine what is told late may still come first.
    assert any(order(number) == ["delivered", "sent"] for number in range(100))


def test_the_same_seed_brings_the_same_run(sim, twilio, salon, ann):
    def run():
        sim.put("faults", rate_429=0.5, seed=7)
        url = f"{sim.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        form = {"To": ann, "From": salon, "Body": "Hello"}
        post = requests.post
        return [post(url, form, auth=(ACCOUNT, TOKEN), timeout=5).status_code for _ in range(12)]

    first = run()
    assert set(first) == {201, 429}
    assert run() == first


def test_a_code_of_the_21000s_refuses_at_once(sim, twilio, salon, ann):
    sim.put("faults", reject={ann: 21614})
    with pytest.raises(TwilioRestException) as refused:
        send(twilio, salon, ann)
    assert refused.value.code == 21614


@pytest.mark.parametrize(
    "faults",
    [
        {"rate_429": 2},
        {"rate_429": "x"},
        {"nonsense": 1},
        {"reject": {"ann": 30003}},
        {"latency_ms": [5, 1]},
        {"reject": [1]},
    ],
)
def test_faults_that_cannot_be_are_refused_and_change_nothing(sim, faults):
    answer = requests.put(f"{sim.url}/simulator/faults", json=faults, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert sim.get("faults")["rate_429"] == 0


def test_everything_normal_puts_all_right(sim):
    sim.put("faults", rate_429=0.5)
    assert "Faults are on" in requests.get(sim.url, timeout=5).text
    requests.post(f"{sim.url}/faults", {"normal": "1"}, timeout=5)
    assert sim.get("faults")["rate_429"] == 0
    assert "Faults are on" not in requests.get(sim.url, timeout=5).text


def test_the_form_sets_what_the_api_sets(sim):
    form = {
        "rate_429": "5",
        "latency_min": "10",
        "latency_max": "20",
        "mail_hangs": "50",
        "mail_latency_max": "30",
        "seed": "4",
        "reject": "+1 415 555 0199 30003\n(415) 555-0198 21610",
    }
    requests.post(f"{sim.url}/faults", form, timeout=5)
    faults = sim.get("faults")
    assert (faults["rate_429"], faults["seed"]) == (0.05, 4)
    assert faults["latency_ms"] == {"min": 10, "max": 20}
    assert (faults["mail_hangs"], faults["mail_latency_ms"]["max"]) == (0.5, 30)
    assert faults["reject"] == {"+14155550199": 30003, "+14155550198": 21610}
