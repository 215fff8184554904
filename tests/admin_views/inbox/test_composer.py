"""What the composer offers: by which channel, as free text or as a template, and for how long."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from admin_views.inbox.composer import Choice, channels, span
from admin_views.inbox.picker import offers
from app.extensions import db
from app.models import Conversation, Customer, Message, Tenant, WhatsappTemplate
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear

HOUR = timedelta(hours=1)


def choices(business: Business, has_templates: bool, at: datetime = NOON) -> dict[str, Choice]:
    with tenant_scope(business.id):
        customer = db.session.get_one(Customer, business.customer_id)
        conversation = db.session.scalars(select(Conversation)).one()
        tenant = db.session.get_one(Tenant, business.id)
        found = channels(customer, conversation, tenant, at, has_templates)
    return {choice.channel.key: choice for choice in found}


def test_the_window_is_counted_from_the_customers_last_whatsapp_message(
    salon: Business, garage: Business
) -> None:
    hear(garage, "Now", channel="whatsapp", at=NOON)
    hear(salon, "By WhatsApp", channel="whatsapp", at=NOON - 20 * HOUR)
    whatsapp = choices(salon, has_templates=True)["whatsapp"]
    assert (whatsapp.left, whatsapp.closes_at) == ("4 h 0 min", NOON + 4 * HOUR)
    assert whatsapp.chosen and not whatsapp.by_template
    over = choices(salon, has_templates=True, at=NOON + 4 * HOUR)["whatsapp"]
    assert (over.left, over.by_template, over.chosen) == ("", True, False)


def test_after_a_stop_or_a_start_a_person_chooses(salon: Business, garage: Business) -> None:
    def chosen() -> list[str]:
        found = choices(salon, has_templates=True)
        return [key for key, choice in found.items() if choice.chosen]

    hear(salon, "By WhatsApp", channel="whatsapp", at=NOON - HOUR)
    hear(salon, "By SMS", at=NOON - HOUR)
    hear(garage, "STOP", number=salon.customer_number)
    assert chosen() == ["sms"]
    for word in ("STOP", "Am I stopped?", "START"):
        hear(salon, word)
        assert chosen() == []
    hear(salon, "Hello again")
    assert chosen() == ["sms"]


def test_without_templates_whatsapp_is_refused_or_falls_back(salon: Business) -> None:
    refused = choices(salon, has_templates=False)
    assert "24 hours after the customer writes by it" in refused["whatsapp"].refusal
    assert refused["sms"].chosen
    db.session.get_one(Tenant, salon.id).whatsapp_falls_back = True
    db.session.commit()
    falling = choices(salon, has_templates=False)["whatsapp"]
    assert not falling.refusal and not falling.chosen
    assert falling.carrier.key == "sms"


def test_where_only_whatsapp_is_connected_its_templates_are_chosen(salon: Business) -> None:
    db.session.get_one(Tenant, salon.id).sms_from = None
    db.session.commit()
    assert choices(salon, has_templates=True)["whatsapp"].chosen


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=3, minutes=12, seconds=59), "3 h 12 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(seconds=59), "under 1 min"),
    ],
)
def test_the_time_left_is_told_in_minutes(left: timedelta, words: str) -> None:
    assert span(left) == words


def test_templates_in_the_customers_language_come_first(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        spanish = WhatsappTemplate(
            name="Zeta", language="es_MX", content_sid="HX" + "e" * 32, body="Hola {{1}}"
        )
        db.session.add(spanish)
        customer = db.session.get_one(Customer, salon.customer_id)
        assert [each.template.name for each in offers(customer).answer] == [
            "Reminder of salon",
            "Zeta",
        ]
        customer.language = "es"
        assert [each.template.name for each in offers(customer).answer] == [
            "Zeta",
            "Reminder of salon",
        ]
        assert offers(customer).answer[0].values == {"1": "Ann"}


def test_the_page_offers_our_templates_and_no_strangers(
    salon: Business, garage: Business, staff: Browser
) -> None:
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert "Reminder of salon (en)" in page
    assert "Reminder of garage" not in page


def test_what_is_kept_of_a_page_is_no_other_pages(staff: Browser, salon: Business) -> None:
    hear(salon, "June or July?", channel="messenger", number="7700")
    with tenant_scope(salon.id):
        heard = db.session.scalars(select(Message).where(Message.channel == "messenger")).one()
    plain = f"/messages/{heard.customer_id}"
    for path in (plain, f"{plain}?answers={heard.id}", plain):
        shown = staff.get(path).text
        assert ('name="answers"' in shown) is ("answers=" in path)
    for path in ("/messages", "/messages?q=June", "/messages"):
        (action,) = re.findall(r'id="bulk" method="post" action="([^"]+)"', staff.get(path).text)
        assert ("q=June" in action) is ("q=June" in path)
