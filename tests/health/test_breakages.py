"""Whatever breaks at Twilio, one check says so in a sentence, with what to do; no other does."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import select, update

from app.automation.webhooks.send_deliveries import send_due
from app.extensions import db
from app.health import point_webhooks, watch
from app.health.checks.business import BUSINESS
from app.health.checks.platform import PLATFORM
from app.health.finding import Finding, State
from app.health.refused_signatures import Cause, lately
from app.inbound.mailboxes import connect_mailbox
from app.inbound.mailboxes.connect_mailbox import Entered
from app.lib.mail import mail_server
from app.lib.outside import networks
from app.lib.time.clock import now
from app.models import MessageTemplate, NotificationSetting, Tenant, WhatsappTemplate
from app.outbox.compose.approved_template import fill
from app.outbox.drain import drain
from app.outbox.refused import Refused
from app.outbox.settle.look_up import look_up
from app.simulator.breakages import happenings
from app.simulator.breakages.beside import BESIDE
from app.simulator.breakages.breakages import OF_RECEIVER, OF_TEMPLATE
from app.simulator.breakages.of_all import OF_ALL
from app.simulator.breakages.of_number import OF_NUMBER
from app.simulator.mail.answering import leave
from app.tenancy import tenant_scope
from tests.automation import rules
from tests.automation.webhooks.conftest import endpoint_at
from tests.automation.webhooks.support import tell
from tests.conftest import SID
from tests.health.test_outside import connected, found
from tests.numbers.test_prove import at_twilio
from tests.support import mailbox
from tests.support.carrier import Carrier, served
from tests.support.email_in import written
from tests.support.mailboxes import Mailboxes
from tests.support.poison import message, queue
from tests.support.rcs import SENDER, granted
from tests.support.rcs import at_twilio as at_rcs
from tests.support.stack import until
from tests.support.world import CONTENT, NOON, WEBHOOK_SECRET, Business

WithSettings = Callable[..., None]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BROKEN, WARNING, OK = State.BROKEN, State.WARNING, State.OK
ASKED = {
    "twilio_numbers",
    "number_abilities",
    "twilio_webhooks",
    "whatsapp_sender",
    "refused_templates",
}


def test_whatever_is_looked_at_can_be_broken_by_a_button() -> None:
    breakages = [*OF_ALL.values(), *OF_NUMBER.values(), *OF_TEMPLATE.values()]
    breakages += [*OF_RECEIVER.values(), *BESIDE.values()]
    breakages += [*happenings.OF_NUMBER.values(), *happenings.OF_MAILBOX.values()]
    by_a_button = {check for each in breakages for check in each.checks}
    assert by_a_button == BUSINESS.keys() | PLATFORM.keys()


@pytest.fixture
def well(twilio: Carrier, salon: Business, garage: Business) -> Carrier:
    """All of the salon's is as it should be at Twilio."""
    connected(twilio, salon)
    twilio.knows(CONTENT, "Hi {{1}}, see you {{2}}.")
    return twilio


def test_where_nothing_is_broken_all_is_well(well: Carrier, salon: Business) -> None:
    told = found(salon)
    assert {told[check].state for check in ASKED} == {OK}
    assert told["number_abilities"].sentence == "(415) 555-0100 carries texts, pictures and calls."


@pytest.mark.parametrize(
    ("breakage", "check", "state", "said"),
    [
        ("number_gone", "twilio_numbers", BROKEN, "no such number in the account"),
        ("no_texts", "number_abilities", BROKEN, "cannot send texts"),
        ("no_pictures", "number_abilities", WARNING, "carries no pictures (MMS)"),
        ("urls_changed", "twilio_webhooks", BROKEN, "“Primary handler fails”, “A call comes in”"),
        ("urls_empty", "twilio_webhooks", WARNING, "“A message comes in”, “A call comes in”"),
        ("whatsapp_gone", "twilio_numbers", BROKEN, "WhatsApp, (415) 555-0100"),
        ("whatsapp_offline", "whatsapp_sender", BROKEN, "not linked any more"),
        ("whatsapp_low", "whatsapp_sender", WARNING, "rates this number’s messages low"),
    ],
)
def test_what_breaks_is_told_by_one_check_and_what_to_do(
    well: Carrier, salon: Business, breakage: str, check: str, state: State, said: str
) -> None:
    well.breaks(breakage, salon.number)
    told = found(salon)
    # By SMS the salon's last message came by itself, whatever the number says.
    assert (told[check].state, said in told[check].sentence) == (state, True), told[check]
    assert told[check].next_step
    others = {key: told[key].state for key in ASKED - {check} if key in told}
    assert set(others.values()) == {OK}, others


def test_an_rcs_sender_is_looked_at_with_its_webhooks(well: Carrier, salon: Business) -> None:
    webhooks = f"http://localhost/api/twilio/{salon.slug}"
    ours = {"callback_url": f"{webhooks}/sms", "fallback_url": f"{webhooks}/sms"}
    granted(salon)
    at_rcs(well, salon, **ours, status_callback_url=f"{webhooks}/message-status", method="PUT")
    told = found(salon)
    assert (told["rcs_sender"].state, told["twilio_webhooks"].state) == (OK, OK)
    assert told["rcs_sender"].sentence == f"{SENDER} is online for RCS."
    well.breaks("rcs_offline", salon.number)
    assert found(salon)["rcs_sender"].state is WARNING
    at_rcs(well, salon, callback_url="https://old-system.example/sms", status_callback_url="")
    assert "RCS: “A message comes in”" in found(salon)["twilio_webhooks"].sentence
    with tenant_scope(salon.id):
        point_webhooks.plan().carry_out()
    assert found(salon)["twilio_webhooks"].state is OK
    at_rcs(well, salon, sender="")
    assert f"RCS, {SENDER}" in found(salon)["twilio_numbers"].sentence


def test_no_calls_matter_where_calls_are_to_be_forwarded(well: Carrier, salon: Business) -> None:
    well.breaks("no_calls", salon.number)
    told = found(salon)
    assert told["number_abilities"].sentence.endswith("carries texts and pictures.")
    assert told["twilio_webhooks"].state is OK, "nobody calls it, so that no address is wrong"
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).forward_calls_to = "+14155550177"
        db.session.commit()
    assert found(salon)["number_abilities"].state is WARNING


def test_a_refused_template_is_broken_where_automatic_messages_are_made_from_it(
    well: Carrier, salon: Business
) -> None:
    well.breaks("template_rejected", CONTENT)
    told = found(salon)["refused_templates"]
    assert told.state is WARNING
    well.breaks("template_paused", CONTENT)
    assert found(salon)["refused_templates"].state is WARNING
    well.breaks("template_rejected", CONTENT)
    assert "“Reminder of salon (en)” was rejected (It reads like an advert" in told.sentence
    with tenant_scope(salon.id):
        text = db.session.scalars(
            select(MessageTemplate).where(MessageTemplate.channel == "whatsapp").limit(1)
        ).one()
        text.approved_id = db.session.scalars(select(WhatsappTemplate.id)).one()
        db.session.commit()
    assert found(salon)["refused_templates"].state is BROKEN


def test_what_a_refused_template_stood_in_for_goes_another_way_until_it_is_approved_again(
    well: Carrier, salon: Business, garage: Business
) -> None:
    with tenant_scope(salon.id):
        stand_in(salon, CONTENT)
        db.session.get_one(Tenant, salon.id).whatsapp_falls_back = False
        by_whatsapp = update(NotificationSetting).values(channel="whatsapp")
        db.session.execute(by_whatsapp.where(NotificationSetting.type == "appointment_reminder"))
        db.session.commit()
    assert found(salon)["whatsapp_templates"].state is OK
    well.breaks("template_paused", CONTENT)
    told = found(salon)["whatsapp_templates"]
    assert (told.state, "Appointment reminder" in told.sentence) == (WARNING, True)
    with tenant_scope(salon.id), pytest.raises(Refused, match="it is paused"):
        fill(db.session.scalars(select(WhatsappTemplate.id)).one(), {"1": "Ann", "2": "9:00"})
    with tenant_scope(garage.id):
        assert not db.session.scalars(select(WhatsappTemplate.refused)).one()
    well.mends("template_paused", CONTENT)
    assert found(salon)["whatsapp_templates"].state is OK


def stand_in(owner: Business, content_sid: str) -> None:
    """The template stands in for the reminder by WhatsApp."""
    of_whatsapp = (MessageTemplate.channel == "whatsapp", MessageTemplate.language == "en")
    query = select(MessageTemplate).where(*of_whatsapp)
    text = db.session.scalars(query.filter_by(type="appointment_reminder")).one()
    query = select(WhatsappTemplate.id).where(WhatsappTemplate.content_sid == content_sid)
    text.approved_id = db.session.scalars(query).one()
    text.gaps = {"1": "customer_name", "2": "appointment_time"}


def test_a_template_that_nobody_at_twilio_knows_is_told(twilio: Carrier, salon: Business) -> None:
    connected(twilio, salon)
    assert "is not in the Twilio account" in found(salon)["refused_templates"].sentence


def test_a_replaced_token_leaves_what_was_known_and_says_what_was_not(
    well: Carrier, salon: Business, garage: Business
) -> None:
    found(salon)
    well.breaks("token_replaced")
    assert found(salon)["twilio_numbers"].state is OK
    theirs = found(garage)["twilio_numbers"]
    assert theirs.sentence.startswith("Not looked at: Your Twilio credentials were rejected.")


@pytest.fixture
def with_settings(app: Flask) -> Iterator[WithSettings]:
    """Others for the length of the test."""
    before = app.extensions["settings"]

    def put(**others: Any) -> None:
        app.extensions["settings"] = replace(app.extensions["settings"], **others)

    yield put
    app.extensions["settings"] = before


@pytest.mark.parametrize(
    ("breakage", "said"),
    [("no_spf", "no SPF record"), ("no_dkim", "no DKIM key"), ("no_dmarc", "no DMARC record")],
)
def test_what_the_dns_lacks_is_told_to_the_operator_and_well_again(
    post: Mailboxes, twilio: Carrier, with_settings: WithSettings, breakage: str, said: str
) -> None:
    with_settings(dns_server=("127.0.0.1", mail_server.parse(post.url).port))

    def told() -> Finding:
        return {finding.check: finding for finding in watch.platform(NOON)}["email_domain"]

    assert told().state is OK
    twilio.breaks(breakage)
    assert (told().state, said in told().sentence) == (WARNING, True)
    twilio.mends(breakage)
    assert told().state is OK


def test_texts_that_are_signed_for_another_address_are_told(
    app: Flask, twilio: Carrier, salon: Business, with_settings: WithSettings
) -> None:
    with served(app) as web:
        with_settings(public_url=web)
        at_twilio(twilio, SID, salon.number, sms_url=f"{web}/api/twilio/{salon.slug}/sms")
        twilio.breaks("signed_elsewhere")
        twilio.texts(salon.customer_number, salon.number)
        until(lambda: lately(salon.id, Cause.ADDRESS))
        assert found(salon)["signatures"].state is BROKEN


def test_what_carriers_filter_is_told_once_twilio_has_said_so(
    twilio: Carrier, salon: Business
) -> None:
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).sms_pace = 100
        db.session.commit()
    twilio.breaks("carriers_filter")
    ids = [queue(salon, f"Hello {number}") for number in range(6)]
    drain(now())
    until(
        lambda: {each["status"] for each in twilio.sent(salon.customer_number)} == {"undelivered"}
    )
    look_up(now() + DAY)
    assert [message(salon, id_).error_code for id_ in ids] == [30007] * 6
    told = found(salon)["delivery"]
    assert (told.state, "0% arrived" in told.sentence) == (BROKEN, True)


@pytest.mark.parametrize(
    ("breakage", "state", "said"),
    [
        ("mail_no_sign_in", BROKEN, "does not let us sign in"),
        ("mail_turned_away", WARNING, "could not be reached"),
    ],
)
def test_a_mail_server_that_is_of_no_help_is_told_to_the_operator(
    post: Mailboxes, twilio: Carrier, breakage: str, state: State, said: str
) -> None:
    twilio.breaks(breakage)
    told = {finding.check: finding for finding in watch.platform(NOON)}["mail_server"]
    assert (told.state, said in told.sentence) == (state, True)


def test_a_mailbox_that_lets_nobody_in_is_told_after_a_while_and_well_again(
    twilio: Carrier, salon: Business, garage: Business, trusting: Callable[[Path], None]
) -> None:
    sim, address = twilio.mailboxes.sim, "hello@salon.test"
    assert sim.imap_server is not None
    trusting(sim.settings.certificate)
    at, password = ("127.0.0.1", sim.imap_server.port), sim.settings.smtp_password
    with tenant_scope(salon.id):
        typed = Entered(address, *at, "tls", address, "INBOX", password=password)
        connect_mailbox.connect(typed, now())

    def told(at: datetime) -> Finding:
        mailbox.look(at)
        return found(salon, at)["mailbox"]

    leave(sim.state, "hello@garage.test", written("My brakes squeak").as_bytes())
    leave(sim.state, address, written("Is tomorrow free?").as_bytes())
    begun = now() + MINUTE
    assert told(begun).state is OK
    assert mailbox.said(salon) == ["Is tomorrow free?"]
    twilio.breaks("imap_no_sign_in")
    assert told(begun + MINUTE).state is OK
    later = told(begun + 17 * MINUTE)
    assert (later.state, "refused" in later.sentence) == (BROKEN, True), later
    leave(sim.state, address, written("And on Friday?").as_bytes())
    twilio.mends("imap_no_sign_in")
    assert told(begun + 20 * MINUTE).state is OK
    assert mailbox.said(salon) == ["Is tomorrow free?", "And on Friday?"]


def test_a_receiver_that_answers_500_is_told_after_a_while_and_well_again(
    twilio: Carrier, salon: Business, with_settings: WithSettings
) -> None:
    with_settings(private_networks=(networks.parse(urlsplit(twilio.url).netloc),))
    endpoint_id = endpoint_at(salon, f"{twilio.url}/hooks/till")
    twilio.receives("till", WEBHOOK_SECRET)
    twilio.breaks("receiver_broken", "till")
    tell(salon, endpoint_id, "evt_1")
    send_due(NOON)
    assert found(salon, NOON + MINUTE)["webhooks"].state is OK
    later = found(salon, NOON + 10 * MINUTE)["webhooks"]
    assert later.state is WARNING
    assert "“Till of salon” has taken nothing of what it was told" in later.sentence
    twilio.mends("receiver_broken", "till")
    send_due(NOON + 10 * MINUTE)
    assert found(salon, NOON + 11 * MINUTE)["webhooks"].state is OK


def test_a_receiver_that_wants_to_hear_no_more_turns_off_the_rule_that_calls_it(
    twilio: Carrier, salon: Business, garage: Business, with_settings: WithSettings
) -> None:
    with_settings(private_networks=(networks.parse(urlsplit(twilio.url).netloc),))
    endpoint_id = endpoint_at(salon, f"{twilio.url}/hooks/till", ())
    twilio.receives("till", WEBHOOK_SECRET)
    with tenant_scope(salon.id):
        rules.rule(do=[("webhook", {"endpoint": str(endpoint_id)})], name="Tell the till")
    twilio.breaks("receiver_gone", "till")
    tell(salon, endpoint_id, "evt_1")
    send_due(NOON)
    assert found(salon, NOON + MINUTE)["rules_off"].state is OK
    rules.writes(salon)
    told = found(salon, rules.THEN + 2 * MINUTE)["rules_off"]
    assert told.state is WARNING
    assert "“Tell the till” has turned itself off. The webhook that it calls" in told.sentence
    assert "It answered 410" in told.sentence


def test_a_business_that_found_only_old_emails_is_told_that_nobody_writes_any_more(
    twilio: Carrier, salon: Business, garage: Business, trusting: Callable[[Path], None]
) -> None:
    sim, address = twilio.mailboxes.sim, "hello@salon.test"
    assert sim.imap_server is not None
    trusting(sim.settings.certificate)
    at, password = ("127.0.0.1", sim.imap_server.port), sim.settings.smtp_password
    with tenant_scope(salon.id):
        typed = Entered(address, *at, "tls", address, "INBOX", password=password)
        connect_mailbox.connect(typed, now())
    happen = {"key": "nobody_writes_now", "of": address}
    assert requests.post(f"{twilio.url}/break/happen", happen, timeout=5).ok
    mailbox.look()
    assert len(mailbox.said(salon)) == happenings.LETTERS
    told = found(salon, now())["silence"]
    assert (told.state, "for 7 days" in told.sentence) == (WARNING, True), told
    assert mailbox.said(garage) == []
