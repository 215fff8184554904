"""Somebody telephones: what the product is told, in which order, and what the caller hears."""

import pytest

from tests.simulator.helpers import eventually

SAY = "<Response><Say>Nobody is there.</Say><Hangup/></Response>"


def over(sim, phone):
    """The telephone's one call, once it is over."""
    return eventually(
        lambda: next((c for c in sim.get(f"phones/{phone}/calls")["calls"] if _over(c)), None)
    )


def _over(call):
    return call["status"] != "in-progress"


@pytest.fixture
def voice(sim, salon, product):
    """A product that rings +14155550199, and asks who picks up."""
    urls = {"voice_url": product.url("/answer"), "status_callback": product.url("/over")}
    sim.put(f"numbers/{salon}", **urls)
    product.answer(
        "/answer",
        body=f'<Response><Dial action="{product.url("/dialed")}"><Number url='
        f'"{product.url("/whisper")}">+14155550199</Number></Dial></Response>',
    )
    product.answer(
        "/whisper", body=f'<Response><Gather action="{product.url("/key")}"/></Response>'
    )
    product.answer("/dialed", body=SAY)
    return salon


@pytest.mark.parametrize(
    ("outcome", "paths", "dialed", "status", "child"),
    [
        (
            "answered",
            "/answer /whisper /key /dialed /over",
            ("completed", "true"),
            "completed",
            ("completed", "42"),
        ),
        (
            "voicemail",
            "/answer /whisper /dialed /over",
            ("completed", "false"),
            "completed",
            ("completed", "42"),
        ),
        (
            "no-answer",
            "/answer /dialed /over",
            ("no-answer", "false"),
            "completed",
            ("no-answer", "0"),
        ),
        ("busy", "/answer /dialed /over", ("busy", "false"), "completed", ("busy", "0")),
        ("hangs-up", "/answer /over", None, "no-answer", ("canceled", "0")),
    ],
)
def test_the_product_is_told_in_twilios_order_and_the_api_tells_the_same(
    sim, twilio, product, voice, ann, outcome, paths, dialed, status, child
):
    sim.post(f"phones/{ann}/call", to=voice, outcome=outcome)
    call = over(sim, ann)
    assert [each.path for each in product.calls] == paths.split()
    assert all(each.signed for each in product.calls)
    told = {each.path: each.form for each in product.calls}
    assert told["/answer"]["CallStatus"] == "ringing"
    assert (told["/answer"]["From"], told["/answer"]["To"]) == (ann, voice)
    if dialed:
        action = told["/dialed"]
        assert (action["DialCallStatus"], action["DialBridged"]) == dialed
        assert action["CallStatus"] == "in-progress"
    assert told["/over"]["CallStatus"] == call["status"] == status
    assert call["heard"] == (["Nobody is there."] if dialed else [])
    assert twilio.calls(call["sid"]).fetch().status == status
    [rung] = twilio.calls.list(parent_call_sid=call["sid"])
    assert (rung.status, rung.duration) == child


def test_a_number_without_a_voice_webhook_says_so(sim, salon, ann):
    sim.post(f"phones/{ann}/call", to=salon)
    assert over(sim, ann)["problem"] == "no voice URL is set for this number"
