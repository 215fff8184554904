"""A business writes from numbers that it was granted or that Twilio says are its own; no others."""

from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import select

from app.extensions import db
from app.inbound import recover
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now as clock
from app.models import Message, NumberState, SenderNumber, Tenant
from app.numbers import oversight
from app.numbers.account import connect
from app.numbers.enter import ASK_US, IN_USE, WITHDRAWN, NotEntered, enter, entered
from app.numbers.prove import EVERY, prove_due
from app.numbers.rights import locked
from app.outbox.drain import drain
from app.outbox.queue.foreign_sender import NOT_ITS_OWN
from app.providers import provider
from app.providers.contract import SendError
from app.tenancy import tenant_scope, unscoped
from tests.admin_views.operator.test_tenants import settings, tenant
from tests.conftest import SID, TOKEN
from tests.support.browser import Browser
from tests.support.carrier import OWN, Carrier
from tests.support.rcs import SENDER, SERVICE
from tests.support.rcs import at_twilio as at_rcs
from tests.support.world import NOON, Business, say

NUMBER = "+14155550188"
MINUTE = timedelta(minutes=1)


def own_account(business: Business, sid: str | None) -> None:
    with tenant_scope(business.id):
        connect(locked(business.id), sid, TOKEN if sid else None, NOON)
        db.session.commit()


def wants(business: Business, number: str | None, channel: str = "sms", **more: Any) -> None:
    with tenant_scope(business.id):
        try:
            enter(locked(business.id), channel, number, NOON, **more)
            db.session.commit()
        finally:
            db.session.rollback()


def state(business: Business, channel: str = "sms") -> str | None:
    db.session.rollback()
    with tenant_scope(business.id):
        row = entered(db.session.get_one(Tenant, business.id), channel)
        return row.state if row else None


def test_an_rcs_sender_counts_once_twilio_says_that_it_is_in_the_service(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    own_account(salon, OWN[0])
    at_rcs(twilio, salon, account_sid=OWN[0])
    for sender, service in ((SENDER, "MG" + "e" * 32), ("another_agent", SERVICE)):
        wants(salon, sender, "rcs", service=service)
        prove_due(clock())
        assert state(salon, "rcs") == NumberState.ABSENT
        assert tenant(salon).messaging_service_sid is None
    wants(salon, SENDER, "rcs", service=SERVICE)
    prove_due(clock())
    known = tenant(salon)
    assert (known.rcs_sender, known.messaging_service_sid) == (SENDER, SERVICE)
    # Nobody enters another business's: neither its sender nor its service.
    for sender, service in ((SENDER, "MG" + "f" * 32), ("third_agent", SERVICE)):
        with pytest.raises(NotEntered):
            wants(garage, sender, "rcs", by_operator=True, service=service)
    own_account(salon, None)
    assert tenant(salon).rcs_sender is None, "it stays behind with its account"


def uses(business: Business) -> str | None:
    db.session.rollback()
    return tenant(business).sms_from


def at_twilio(twilio: Carrier, sid: str, number: str = NUMBER, **urls: str) -> None:
    """The account buys the number."""
    url = f"{twilio.url}/simulator/numbers/{number}"
    requests.put(url, json={"account_sid": sid, **urls}, timeout=5).raise_for_status()


def test_a_number_on_our_account_is_the_operators_to_grant(
    salon: Business, garage: Business
) -> None:
    with pytest.raises(NotEntered, match=ASK_US):
        wants(salon, NUMBER)
    assert uses(salon) == salon.number
    wants(salon, NUMBER, by_operator=True)
    assert (uses(salon), state(salon)) == (NUMBER, NumberState.HELD)
    with pytest.raises(NotEntered, match=IN_USE):
        wants(garage, NUMBER, by_operator=True)
    assert uses(garage) == garage.number


def test_a_number_of_an_own_account_counts_when_twilio_has_said_so(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, OWN[0])
    own_account(salon, OWN[0])
    assert uses(salon) is None, "what was granted is on our account"
    wants(salon, NUMBER)
    assert (uses(salon), state(salon)) == (None, NumberState.CHECKING)
    assert prove_due(NOON) == 1
    assert (uses(salon), state(salon)) == (NUMBER, NumberState.HELD)
    assert prove_due(NOON + EVERY - MINUTE) == 0


@pytest.mark.parametrize("elsewhere", [SID, OWN[1], None], ids=["ours", "another's", "nobody's"])
def test_a_number_that_is_not_in_the_account_never_counts(
    twilio: Carrier, salon: Business, garage: Business, elsewhere: str | None
) -> None:
    if elsewhere:
        at_twilio(twilio, elsewhere)
    own_account(salon, OWN[0])
    wants(salon, NUMBER)
    prove_due(NOON)
    assert (uses(salon), state(salon)) == (None, NumberState.ABSENT)


def test_a_sender_on_whatsapp_is_proved_by_twilios_list_of_senders(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    carrier = provider("twilio")
    assert carrier
    from app.channels import CHANNELS
    from app.providers.contract import Account

    own = Account(OWN[0], TOKEN)
    at_twilio(twilio, OWN[0], whatsapp_url="http://127.0.0.1:9/whatsapp")
    assert carrier.owns(own, CHANNELS["whatsapp"], NUMBER)
    assert not carrier.owns(own, CHANNELS["whatsapp"], "+14155550189")
    for key in ("sms", "whatsapp"):
        with pytest.raises(SendError, match="credentials were rejected"):
            carrier.owns(Account(OWN[0], "wrong" * 8), CHANNELS[key], NUMBER)


def test_entering_an_account_and_removing_it_again_takes_no_number(
    twilio: Carrier, salon: Business, garage: Business, admin: Browser
) -> None:
    """The two steps by which a number of our account could be taken."""
    at_twilio(twilio, SID)
    account = {"twilio_account_sid": OWN[0], "twilio_auth_token": TOKEN}
    first = settings(salon, **account, sms_from=NUMBER)
    assert admin.post("/admin/business/", data=first).status_code == 302
    assert uses(salon) is None
    waiting = say(salon, "Hello", status=MessageStatus.QUEUED, provider_sid="none")
    with tenant_scope(salon.id):
        db.session.get_one(Message, waiting).sender = NUMBER
        db.session.commit()
    second = settings(salon, twilio_account_sid="")
    assert second["sms_from"] == NUMBER
    assert admin.post("/admin/business/", data=second).status_code == 302
    assert uses(salon) == salon.number, "what was granted counts again, and nothing else"
    drain(NOON)
    with tenant_scope(salon.id):
        message = db.session.get_one(Message, waiting)
        db.session.refresh(message)
        assert (message.status, message.error) == (MessageStatus.FAILED, NOT_ITS_OWN)
    assert twilio.sent(salon.customer_number) == []
    again = settings(salon, sms_from=NUMBER)
    assert "ask us for it" in admin.post("/admin/business/", data=again).text


def test_whoever_enters_a_number_first_keeps_its_owner_from_nothing(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, OWN[1])
    for business, sid in ((salon, OWN[0]), (garage, OWN[1])):
        own_account(business, sid)
        wants(business, NUMBER)
    prove_due(NOON)
    assert (state(salon), state(garage)) == (NumberState.ABSENT, NumberState.HELD)


def test_a_number_that_moved_to_another_account_is_its_new_owners(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, OWN[0])
    own_account(salon, OWN[0])
    wants(salon, NUMBER)
    prove_due(NOON)
    at_twilio(twilio, OWN[1])
    own_account(garage, OWN[1])
    wants(garage, NUMBER)
    prove_due(NOON)
    assert (uses(salon), state(salon)) == (None, NumberState.ABSENT)
    prove_due(NOON + 11 * MINUTE)
    assert (uses(garage), state(garage)) == (NUMBER, NumberState.HELD)


def test_a_twilio_that_is_away_takes_no_number_from_anybody(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, OWN[0])
    own_account(salon, OWN[0])
    wants(salon, NUMBER)
    prove_due(NOON)
    from app import providers

    providers.configure("http://127.0.0.1:9")
    assert prove_due(NOON + EVERY + MINUTE) == 1
    assert (uses(salon), state(salon)) == (NUMBER, NumberState.HELD)


def test_the_operator_takes_a_number_back_and_what_waits_on_it_is_refused(
    twilio: Carrier, salon: Business, garage: Business, operator: Browser
) -> None:
    waiting = say(salon, "Hello", status=MessageStatus.QUEUED, provider_sid="none")
    [row] = [
        each for each in oversight.listed() if (each.tenant_id, each.channel) == (salon.id, "sms")
    ]
    assert salon.number[2:5] in operator.get("/admin/numbers/").text
    path = f"/admin/numbers/{salon.id}/{row.id}"
    assert operator.post(f"{path}/take-back").status_code == 302
    assert (uses(salon), uses(garage)) == (None, garage.number)
    drain(NOON)
    with tenant_scope(salon.id):
        assert db.session.get_one(Message, waiting).status is MessageStatus.FAILED
    at_twilio(twilio, OWN[0], salon.number)
    own_account(salon, OWN[0])
    with pytest.raises(NotEntered, match=WITHDRAWN):
        wants(salon, salon.number)
    own_account(salon, None)
    assert operator.post(f"{path}/allow").status_code == 302
    assert uses(salon) == salon.number


def test_a_number_of_a_business_is_not_changed_under_the_name_of_another(
    salon: Business, garage: Business
) -> None:
    theirs = next(each for each in oversight.listed() if each.tenant_id == garage.id)
    assert not oversight.take_back(salon.id, theirs.id, NOON)
    assert uses(garage) == garage.number


def test_recovery_asks_for_no_number_that_was_not_granted(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from flask import current_app

    from app.extensions import settings as configured

    ours = replace(configured(), twilio_from_number="+12025550199")
    monkeypatch.setitem(current_app.extensions, "settings", ours)
    wants(salon, None)
    numbers = {(look.number, look.route.tenant_id) for look in recover._looks()}
    assert numbers == {(salon.number, salon.id), (garage.number, garage.id)}
    assert not [look for look in recover._looks() if look.number == "+12025550199"]


def test_every_number_in_use_has_a_right(salon: Business, garage: Business) -> None:
    with unscoped("tests"):
        held = select(SenderNumber).where(SenderNumber.state == NumberState.HELD)
        rights = {(row.tenant_id, row.channel, row.number) for row in db.session.scalars(held)}
    for business in (salon, garage):
        used = tenant(business)
        assert (business.id, "sms", used.sms_from) in rights
        assert (business.id, "whatsapp", used.whatsapp_from) in rights


def test_our_number_is_no_sender_of_an_own_account(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from flask import current_app

    from app.channels import CHANNELS
    from app.extensions import settings as configured
    from app.outbox.sender import sender

    ours = replace(configured(), twilio_from_number="+12025550199")
    monkeypatch.setitem(current_app.extensions, "settings", ours)
    wants(salon, None)
    assert sender(tenant(salon), CHANNELS["sms"]) == "+12025550199"
    own_account(salon, OWN[0])
    assert sender(tenant(salon), CHANNELS["sms"]) is None
    assert clock() > NOON
