"""By our Twilio account messages go to the business's own country, and where the operator lets
them; a business with its own account writes where it likes."""

import pytest
from sqlalchemy import delete, select, update

from app.extensions import db, vault
from app.lib.message_status import MessageStatus
from app.models import ContactPoint, Customer, Message, Tenant
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.outbox.refused import Refused
from app.tenancy import tenant_scope, unscoped
from tests.outbox.test_drain import message, queue, without_sids
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.world import NOON, Business, hear

GERMAN, CANADIAN, SATELLITE = "+491701234567", "+14165550123", "+881612345678"


def change(business: Business, **values: object) -> None:
    tenant = db.session.get_one(Tenant, business.id)
    for name, value in values.items():
        setattr(tenant, name, value)
    db.session.commit()


def pays_itself(business: Business) -> None:
    sealed = vault().seal("0123456789abcdef")
    change(business, twilio_account_sid="AC" + "2" * 32, twilio_auth_token_sealed=sealed)


def move(business: Business, number: str, channel: str = "sms") -> None:
    """The customer has that number."""
    with tenant_scope(business.id):
        db.session.execute(delete(ContactPoint))
        point = ContactPoint(customer_id=business.customer_id, channel=channel, address=number)
        db.session.add(point)
        db.session.commit()


def write(business: Business, channel: str = "sms") -> Message:
    with tenant_scope(business.id):
        customer = db.session.get_one(Customer, business.customer_id)
        return compose(customer, channel, "Hello", NOON)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (GERMAN, "is in Germany, and .* to United States only. Our operator can open Germany"),
        (CANADIAN, "is in Canada"),
        (SATELLITE, "is a satellite or other global number"),
        ("+19005551234", "is a premium-rate number"),
        ("+18765551234", "is in Jamaica"),
    ],
)
def test_what_is_written_to_a_closed_number_is_refused_with_what_to_do(
    salon: Business, garage: Business, number: str, says: str
) -> None:
    move(salon, number)
    with pytest.raises(Refused, match=says):
        write(salon)
    db.session.rollback()
    change(garage, open_countries=["DE", "CA", "JM"])
    with pytest.raises(Refused, match="our Twilio account"):
        write(salon)
    db.session.rollback()
    with tenant_scope(salon.id):
        outbound = select(Message.id).where(Message.direction == "outbound")
        assert db.session.scalars(outbound).all() == []


@pytest.mark.parametrize("number", ["+17875551234", "+13405551234", "+18005551234"])
def test_the_territories_of_the_united_states_are_home(salon: Business, number: str) -> None:
    move(salon, number)
    assert write(salon).status is MessageStatus.QUEUED


def test_the_operator_opens_a_country_and_no_special_number_with_it(salon: Business) -> None:
    change(salon, open_countries=["DE", "AT"])
    move(salon, GERMAN)
    assert write(salon).recipient == GERMAN
    move(salon, "+491801234567")
    with pytest.raises(Refused, match="is a shared-cost number"):
        write(salon)


def test_it_holds_for_whatsapp_and_its_user_ids(salon: Business) -> None:
    for address in (GERMAN, "DE.123456"):
        move(salon, address, "whatsapp")
        with pytest.raises(Refused, match="is in Germany"):
            write(salon, "whatsapp")
        db.session.rollback()
    hear(salon, "Hi", number="US.123456", channel="whatsapp")
    with tenant_scope(salon.id):
        newcomer = db.session.scalars(select(Customer).order_by(Customer.id.desc())).first()
        assert newcomer and compose(newcomer, "whatsapp", "Hello", NOON).recipient == "US.123456"


def test_the_composer_says_so_before_anybody_writes(salon: Business, staff: Browser) -> None:
    move(salon, GERMAN)
    assert "This number is in Germany" in staff.get(f"/messages/{salon.customer_id}").text


@pytest.mark.parametrize("number", [GERMAN, SATELLITE])
def test_a_business_that_pays_itself_writes_where_it_likes(salon: Business, number: str) -> None:
    pays_itself(salon)
    move(salon, number)
    assert write(salon).recipient == number


def test_what_waits_from_before_fails_with_the_reason_and_keeps_nothing_from_leaving(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    away = [queue(salon, f"Away {number}") for number in range(9)]
    with unscoped("tests"):
        db.session.execute(update(Message).where(Message.id.in_(away)).values(recipient=GERMAN))
        db.session.commit()
    home, theirs = queue(salon, "Home"), queue(garage, "Theirs")
    without_sids()
    drain(NOON)
    drain(NOON)
    for id_ in away:
        stored = message(salon, id_)
        assert (stored.status, stored.attempts) == (MessageStatus.FAILED, 0)
        assert "This number is in Germany" in (stored.error or "")
    assert twilio.sent(GERMAN) == []
    assert message(salon, home).status is MessageStatus.ACCEPTED
    assert message(garage, theirs).status is MessageStatus.ACCEPTED


def test_whoever_gives_up_the_own_account_writes_home_only(
    twilio: Carrier, salon: Business
) -> None:
    pays_itself(salon)
    move(salon, GERMAN)
    waits = write(salon).id
    change(salon, twilio_account_sid=None, twilio_auth_token_sealed=None)
    drain(NOON)
    assert message(salon, waits).status is MessageStatus.FAILED
    assert twilio.sent(GERMAN) == []
