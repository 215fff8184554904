"""One line is one person and one word, in whichever form its number comes."""

import pytest
from sqlalchemy import select

from app.channels import CHANNELS
from app.customers.add import add
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.lib.telephone.phone import can_be_texted, e164, is_number, variants
from app.models import ConsentEvent, ContactPoint, Customer, Message, OptOut
from app.outbox.compose.address import address
from app.outbox.compose.manual_message import compose
from app.outbox.queue.claim import claim
from app.outbox.queue.opt_out import carrier_says_stop
from app.outbox.refused import Refused
from app.tenancy import tenant_scope
from tests.support.world import NOON, Business, hear, say

BRAZIL = "+5511987654321", "+551187654321"
ARGENTINA = "+5491123456789", "+541123456789"
MEXICO = "+525512345679", "+5215512345679"
PAIRS = [pair for one in (BRAZIL, ARGENTINA, MEXICO) for pair in (one, one[::-1])]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_mobile_has_two_forms(one: str, other: str) -> None:
    assert variants(one) == [one, other]


@pytest.mark.parametrize(
    "number",
    [
        "+551131234567",  # a landline: with a 9 it would be somebody else's mobile
        "+5511931234567",  # a mobile: without its 9 it would be somebody else's landline
        "+5511912345678",
        "+549112345678",
        "+5401123456789",
        "+52155123456",
        "+5211551234567",
        "+14155550100",
        "+4930901820",
        "US.1234",
        "ann@salon.test",
    ],
)
def test_what_else_there_is_has_one(number: str) -> None:
    assert variants(number) == [number]


@pytest.mark.parametrize("text", ["+52 1 55 1234 5679", "+52 55 1234 5679", "+5215512345679"])
def test_a_mexican_number_is_read_without_its_former_one(text: str) -> None:
    assert e164(text, "US") == MEXICO[0]


def test_a_mexican_number_in_its_former_form_is_a_number() -> None:
    assert is_number(MEXICO[1]) and can_be_texted(MEXICO[1])


def stand(business: Business) -> dict[str, set[str]]:
    with tenant_scope(business.id):
        said = db.session.execute(select(ConsentEvent.said, ConsentEvent.address)).all()
        stops = set(db.session.scalars(select(OptOut.address)))
        db.session.rollback()
    words = {word: {at for one, at in said if one == word} for word in ("stop", "start")}
    return words | {"stands": stops}


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_stop_holds_for_both_forms_and_either_ends_it(
    salon: Business, garage: Business, one: str, other: str, channel: str
) -> None:
    hear(salon, "STOP", number=one, channel=channel)
    assert stand(salon) == {"stop": {one, other}, "start": set(), "stands": {one, other}}
    assert stand(garage)["stands"] == set()
    hear(salon, "START", number=other, channel=channel)
    assert stand(salon) == {"stop": {one, other}, "start": {one, other}, "stands": set()}


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_stop_holds_where_the_customer_is_stored_in_the_other_form(
    salon: Business, one: str, other: str
) -> None:
    with tenant_scope(salon.id):
        known = Customer(first_name="Bia")
        known.contact_points.append(ContactPoint(channel="whatsapp", address=one))
        db.session.add(known)
        db.session.commit()
        customer_id = known.id
    hear(salon, "STOP", number=other, channel="whatsapp")
    waits = say(salon, "Hello", status=MessageStatus.QUEUED)
    with tenant_scope(salon.id):
        waiting = db.session.get_one(Message, waits)
        waiting.channel, waiting.recipient = "whatsapp", one
        db.session.commit()
        customer = db.session.get_one(Customer, customer_id)
        with pytest.raises(Refused, match="replied STOP"):
            compose(customer, "whatsapp", "Hello", NOON)
        db.session.rollback()
    assert claim(NOON, 10) == []


def test_a_carriers_stop_holds_for_both_forms(salon: Business) -> None:
    long, short = BRAZIL
    with tenant_scope(salon.id):
        said = db.session.scalars(select(Message.id)).first() or 0
        carrier_says_stop("sms", long, said, None, NOON)
        db.session.commit()
    assert stand(salon)["stands"] == {long, short}


def customers(business: Business) -> list[str]:
    with tenant_scope(business.id):
        return [each.first_name for each in db.session.scalars(select(Customer))]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_who_comes_in_both_forms_is_one_customer_and_answered_where_they_wrote_from(
    salon: Business, one: str, other: str
) -> None:
    before = len(customers(salon))
    hear(salon, "Hi", number=one, channel="whatsapp")
    hear(salon, "Hi again", number=other, channel="whatsapp")
    assert len(customers(salon)) == before + 1
    with tenant_scope(salon.id):
        found, new = add(one, "", "US")
        assert not new and address(found, CHANNELS["whatsapp"]) == other
        db.session.rollback()
    hear(salon, "And again", number=one, channel="whatsapp")
    with tenant_scope(salon.id):
        assert address(add(other, "", "US")[0], CHANNELS["whatsapp"]) == one


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_a_stop_outlives_its_customer_in_both_forms(salon: Business, channel: str) -> None:
    long, short = BRAZIL
    hear(salon, "STOP", number=short, channel=channel)
    with tenant_scope(salon.id):
        db.session.delete(add(long, "", "US")[0])
        db.session.commit()
    hear(salon, "Who is this?", number=long, channel=channel)
    with tenant_scope(salon.id):
        again, new = add(long, "", "US")
        assert not new
        with pytest.raises(Refused, match="STOP"):
            compose(again, channel, "Hello", NOON)
