"""What Twilio and the mail server say of it: asked without holding the database, and kept."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import update

from app import providers
from app.extensions import db
from app.health import look, results, watch
from app.health.finding import Finding, State
from app.lib.mail.mail_server import MailServer
from app.models import Message, SenderPause, Tenant
from app.numbers.prove import prove_due
from app.tenancy import tenant_scope, unscoped
from tests.conftest import SID
from tests.numbers.test_prove import NUMBER, at_twilio, own_account, wants
from tests.support.carrier import OWN, Carrier
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business, hear

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def urls(business: Business) -> dict[str, str]:
    ours = f"http://localhost/api/twilio/{business.slug}"
    return {
        # As Twilio's console has them, with its retry overrides.
        "sms_url": f"{ours}/sms#rc=3",
        "whatsapp_url": f"{ours}/whatsapp",
        "voice_url": f"{ours}/answer",
        "status_callback": f"{ours}/status",
    }


def connected(twilio: Carrier, business: Business, **others: str) -> None:
    at_twilio(twilio, SID, business.number, **{**urls(business), **others})


def found(business: Business, at: datetime = NOON) -> dict[str, Finding]:
    with tenant_scope(business.id):
        told = {finding.check: finding for finding in watch.business(at)}
    db.session.remove()
    return told


def stands(business: Business) -> dict[str, Finding]:
    """What a page tells, which asks nobody."""
    with tenant_scope(business.id):
        told = {finding.check: finding for finding in look.of_business(NOON + HOUR)}
    db.session.remove()
    return told


def test_a_number_that_is_there_and_calls_us_is_well(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon)
    told = found(salon)
    assert told["twilio_numbers"].state is State.OK
    assert told["twilio_webhooks"].state is State.OK
    assert "twilio_sign_in" not in told, "our account is ours to see to"


def test_a_number_that_is_gone_is_told_and_stands_until_it_is_asked_about_again(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, OWN[1], salon.number)
    assert found(salon)["twilio_numbers"].state is State.BROKEN
    assert "(415) 555-0100" in stands(salon)["twilio_numbers"].sentence
    assert stands(salon)["twilio_numbers"].at == NOON
    assert "twilio_numbers" not in stands(garage), "nobody has asked about theirs"
    connected(twilio, salon)
    assert found(salon)["twilio_numbers"].state is State.OK


@pytest.mark.parametrize("elsewhere", ["", "https://old.example/api/twilio/salon/sms"])
def test_messages_that_go_elsewhere_are_told_with_what_to_do(
    twilio: Carrier, salon: Business, garage: Business, elsewhere: str
) -> None:
    connected(twilio, salon, sms_url=elsewhere)
    with tenant_scope(salon.id):
        told = {each.check: each for each in watch.business(NOON + 9 * DAY)}["twilio_webhooks"]
    assert (told.state, "SMS" in told.sentence) == (State.BROKEN, True)
    assert "WhatsApp" not in told.sentence and "Setup, Business" in told.next_step


def test_another_business_s_address_is_not_ours(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon, sms_url=urls(garage)["sms_url"])
    with tenant_scope(salon.id):
        told = {each.check: each for each in watch.business(NOON + 9 * DAY)}
    assert told["twilio_webhooks"].state is State.BROKEN


def test_messages_that_come_by_a_messaging_service_are_a_warning_at_most(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon, sms_url="")
    hear(salon, "Hello again")
    assert found(salon)["twilio_webhooks"].state is State.WARNING
    with tenant_scope(salon.id):
        db.session.execute(update(Message).values(recovered=True))
        db.session.commit()
    assert found(salon)["twilio_webhooks"].state is State.BROKEN, "it was found in Twilio's list"


def test_calls_that_go_elsewhere_are_a_warning(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon, voice_url="", status_callback="")
    told = found(salon)["twilio_webhooks"]
    assert told.state is State.WARNING
    assert "A call comes in" in told.sentence and "Call status changes" in told.sentence


def test_an_account_of_its_own_is_signed_in_to_and_a_wrong_token_is_told(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, OWN[0], NUMBER, **urls(salon))
    own_account(salon, OWN[0])
    wants(salon, NUMBER)
    prove_due(NOON)
    assert found(salon)["twilio_sign_in"].state is State.OK
    with tenant_scope(salon.id):
        vault = current_app.extensions["vault"]
        db.session.get_one(Tenant, salon.id).twilio_auth_token_sealed = vault.seal("f" * 32)
        db.session.commit()
    told = found(salon)
    assert told["twilio_sign_in"].state is State.BROKEN
    assert "credentials were rejected" in told["twilio_sign_in"].sentence
    assert told["twilio_numbers"].state is State.OK, "what was known of it stands"


def test_a_token_that_cannot_be_opened_any_more_is_told(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    own_account(salon, OWN[0])
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).twilio_auth_token_sealed = "sealed by a lost key"
        db.session.commit()
    told = found(salon)
    assert told["twilio_sign_in"].state is State.BROKEN
    assert "twilio_webhooks" not in told


def test_while_twilio_is_away_what_it_said_stands(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon)
    found(salon)
    providers.configure("http://127.0.0.1:9")
    told = found(salon, NOON + HOUR)
    assert told["twilio_numbers"].state is State.OK


def test_twilio_is_asked_while_nothing_of_the_database_is_held(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(twilio, salon)
    carrier = providers.provider("twilio")
    assert carrier
    real, held = carrier.line, []

    def line(*args: object) -> object:
        held.append(db.session().get_transaction() is not None)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(carrier, "line", line)
    found(salon)
    assert held == [False, False]


def test_a_mail_server_that_does_not_let_us_in_is_the_operators_to_see(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    told = {finding.check: finding for finding in watch.platform(NOON)}
    assert told["mail_server"].state is State.OK
    assert told["twilio_sign_in"].state is State.OK
    before = current_app.extensions["settings"]
    wrong = replace(before.mail_server, user="nobody", password="wrong")
    current_app.extensions["settings"] = replace(before, mail_server=wrong)
    providers.configure(before.twilio_api_url, wrong)
    told = {finding.check: finding for finding in watch.platform(NOON)}
    assert told["mail_server"].state is State.BROKEN
    assert "wrong" not in str(told), "no password is told"
    with unscoped("tests"):
        assert len(results.findings(None)) == len(told)
    with tenant_scope(salon.id):
        assert results.findings(salon.id) == []


def test_a_mail_server_that_is_away_is_a_warning(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    before = current_app.extensions["settings"]
    away = MailServer("127.0.0.1", 9, False, "", "")
    current_app.extensions["settings"] = replace(before, mail_server=away)
    providers.configure(before.twilio_api_url, away)
    told = {finding.check: finding for finding in watch.platform(NOON)}
    assert told["mail_server"].state is State.WARNING


def test_of_a_business_only_its_own_findings_are_kept_and_shown(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    connected(twilio, salon)
    reason = {"reason": "The account is closed.", "since": NOON, "until": NOON + DAY}
    with tenant_scope(salon.id):
        db.session.add(SenderPause(tenant_id=salon.id, channel="sms", **reason))
        db.session.commit()
    found(salon)
    found(garage)
    with tenant_scope(garage.id):
        assert "account is closed" not in str(results.findings(garage.id))
        assert results.findings(salon.id) == [], "no scope sees another's"
    [trouble] = [each for each in results.troubles(50) if each.finding.check == "sender_paused"]
    assert trouble.business == salon.name
