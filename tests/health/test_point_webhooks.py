"""The addresses at Twilio are set for a business: for its own numbers alone, and nobody else's
address is overwritten unseen."""

import logging
from dataclasses import replace
from typing import Any

import pytest
import requests

from app import providers
from app.extensions import db
from app.health import point_webhooks, watch
from app.health.finding import State
from app.numbers.oversight import listed, take_back
from app.providers.contract import Event, Outcome, SendError
from app.tenancy import tenant_scope
from tests.conftest import SID
from tests.health.test_outside import connected, found, urls
from tests.numbers.test_prove import at_twilio
from tests.support.carrier import OWN, Carrier
from tests.support.world import NOON, Business

THEIRS = "https://their-system.example/in?key=secret"


def number(twilio: Carrier, of: str) -> dict[str, Any]:
    told = requests.get(f"{twilio.url}/simulator/numbers", timeout=5).json()["numbers"]
    return next(each for each in told if each["number"] == of)


def plan(business: Business) -> point_webhooks.Plan:
    with tenant_scope(business.id):
        return point_webhooks.plan()


def carried_out(business: Business) -> point_webhooks.Done:
    with tenant_scope(business.id):
        done = point_webhooks.plan().carry_out()
    db.session.remove()
    return done


def test_what_is_missing_is_set_and_then_all_is_well(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon, sms_url="", voice_url="", status_callback="")
    connected(twilio, garage, sms_url="")
    done = carried_out(salon)
    assert [each.label for each in done.changed] == [
        "SMS, A message comes in",
        "SMS, A call comes in",
        "SMS, Call status changes",
    ]
    set_ = number(twilio, salon.number)
    assert set_["sms_url"].startswith(f"{urls(salon)['sms_url'].partition('#')[0]}#rc=3")
    assert number(twilio, garage.number)["sms_url"] == "", "the stranger's is left alone"
    assert found(salon)["twilio_webhooks"].state is State.OK
    assert plan(salon).changes == []


def test_a_foreign_address_is_named_and_taken_away_only_by_who_has_seen_it(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon, sms_url=THEIRS, voice_url="")
    first = plan(salon)
    assert [(each.event, each.stands) for each in first.foreign] == [(Event.MESSAGE, THEIRS)]
    connected(twilio, salon, sms_url="https://another.example/in", voice_url="")
    assert plan(salon).seen != first.seen, "what was agreed to is not what stands there now"
    assert number(twilio, salon.number)["sms_url"] == "https://another.example/in"


def test_another_businesss_address_of_ours_is_foreign_too(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon, sms_url=urls(garage)["sms_url"])
    assert [each.foreign for each in plan(salon).changes] == [True]


def test_the_sender_on_whatsapp_keeps_what_is_not_named(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon, whatsapp_url=THEIRS, label="Bella")
    done = carried_out(salon)
    assert [each.label for each in done.changed] == ["WhatsApp, A message comes in"]
    there = number(twilio, salon.number)
    assert there["whatsapp_url"].startswith(urls(salon)["whatsapp_url"])
    assert (there["label"], there["sms_url"]) == ("Bella", urls(salon)["sms_url"])


def test_a_number_that_the_operator_took_back_is_refused(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon, sms_url="", whatsapp_url=f"{THEIRS}/wa")
    row = next(row for row in listed() if (row.tenant_id, row.channel) == (salon.id, "sms"))
    take_back(salon.id, row.id, NOON)
    assert {each.channel for each in plan(salon).changes} == {"whatsapp"}
    row = next(row for row in listed() if (row.tenant_id, row.channel) == (salon.id, "whatsapp"))
    take_back(salon.id, row.id, NOON)
    with pytest.raises(point_webhooks.NotSet, match="no number of your own"):
        plan(salon)


def test_a_number_of_another_account_is_not_touched(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, OWN[0], salon.number, sms_url=THEIRS)
    assert plan(salon).changes == []
    assert number(twilio, salon.number)["sms_url"] == THEIRS


def test_what_twilio_refuses_is_told_and_the_rest_is_set(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(twilio, salon, sms_url="", whatsapp_url=THEIRS)
    carrier = providers.provider("twilio")
    assert carrier
    real = carrier.point

    def refuses(account: Any, channel: Any, *rest: Any) -> None:
        if channel.key == "sms":
            raise SendError("Twilio does not take our address.", Outcome.REFUSED)
        real(account, channel, *rest)

    monkeypatch.setattr(carrier, "point", refuses)
    done = carried_out(salon)
    assert [each.channel for each in done.changed] == ["whatsapp"]
    assert done.trouble == "SMS: Twilio does not take our address."


def test_a_twilio_that_does_not_answer_is_not_waited_for(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(twilio, salon, sms_url="")
    monkeypatch.setattr(point_webhooks, "SECONDS", 0.1)
    twilio.faults(latency_ms=[1500, 1500])
    with pytest.raises(point_webhooks.NotSet, match="took too long"):
        plan(salon)


def test_what_takes_too_long_to_set_is_told_and_nothing_else_waits(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon, sms_url="", whatsapp_url=THEIRS)
    with tenant_scope(salon.id):
        done = replace(point_webhooks.plan(), until=0.0).carry_out()
    assert done.changed == []
    assert "SMS: Twilio took too long" in done.trouble
    assert "WhatsApp: Twilio took too long" in done.trouble


def test_a_token_that_is_wrong_is_told(twilio: Carrier, salon: Business, garage: Business) -> None:
    connected(twilio, salon)
    twilio.breaks("token_replaced")
    with pytest.raises(point_webhooks.NotSet, match="credentials were rejected"):
        plan(salon)


def test_no_transaction_is_held_while_twilio_is_asked_and_no_address_is_logged(
    twilio: Carrier,
    salon: Business,
    garage: Business,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    connected(twilio, salon, sms_url=THEIRS)
    carrier, held = providers.provider("twilio"), []
    assert carrier
    within = point_webhooks._within

    def looks(until: float, call: Any) -> Any:
        held.append(db.session().get_transaction() is not None)
        return within(until, call)

    monkeypatch.setattr(point_webhooks, "_within", looks)
    with caplog.at_level(logging.DEBUG, logger="app"):
        carried_out(salon)
    assert held == [False, False]
    logged = capsys.readouterr()
    assert "their-system" not in f"{logged.out}{logged.err}"


def test_trunks_and_applications_of_twilios_go_before_an_address(salon: Business) -> None:
    """What the simulator has none of, as Twilio's API shows it."""
    from types import SimpleNamespace

    from app.providers.twilio.line import _fields, _of_number

    shown = SimpleNamespace(
        capabilities={"sms": True, "mms": False, "voice": True},
        sms_url="https://ours.example/sms",
        sms_method="POST",
        sms_application_sid="AP1",
        sms_fallback_url=None,
        sms_fallback_method=None,
        voice_url="https://ours.example/answer",
        voice_method="GET",
        voice_application_sid=None,
        trunk_sid=None,
        status_callback="https://ours.example/status",
        status_callback_method="POST",
    )
    line = _of_number(shown)
    assert line.urls[Event.MESSAGE] == "AP1"
    assert line.urls[Event.CALL] == "https://ours.example/answer (by GET)"
    shown.trunk_sid = "TK1"
    assert _of_number(shown).urls[Event.CALL] == "TK1"
    assert _fields({Event.CALL: "https://ours.example/answer"}) == {
        "voice_url": "https://ours.example/answer",
        "voice_method": "POST",
        "voice_application_sid": "",
        "trunk_sid": "",
    }


def test_nothing_is_set_for_whoever_has_no_account(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        assert watch.business(NOON), "nobody is asked at port 9, and nothing breaks"
    with pytest.raises(point_webhooks.NotSet, match="could not be reached"):
        plan(salon)
    assert SID
