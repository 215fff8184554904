"""The half of receive.sql that is tried first: the same rows as by the whole, or none."""

from typing import Any

from sqlalchemy import func, select, update

from app.channels import CHANNELS
from app.extensions import db
from app.inbound import receive
from app.inbound.statement import store, store_if
from app.models import ContactPoint, Customer, Message, MessageCount
from app.providers.contract import Received
from app.tenancy import tenant_scope
from tests.support.world import NOON, Business, sid

ALONE = {"id", "public_id", "provider_sid"}


def told(business: Business) -> dict[str, Any]:
    said = Received(sid(), business.customer_number, (), business.number, "", "At 3?", ())
    values = receive.parameters(business.route, CHANNELS["sms"], said, NOON)
    return values | {"recovered": False, "family": ["sms"]}


def row(business: Business, provider_sid: str) -> dict[str, Any]:
    with tenant_scope(business.id):
        found = db.session.scalars(select(Message).filter_by(provider_sid=provider_sid)).one()
    return {
        column.name: getattr(found, column.name)
        for column in Message.__table__.columns
        if column.name not in ALONE
    }


def counted(business: Business) -> int:
    with tenant_scope(business.id):
        return db.session.scalar(select(func.sum(MessageCount.messages))) or 0


def test_words_from_a_known_address_are_stored_as_by_the_whole_statement(
    salon: Business, garage: Business
) -> None:
    whole, usual = told(salon), told(salon)
    before, theirs = counted(salon), counted(garage)
    assert store(receive.STATEMENT, salon.id, whole) == (salon.customer_id, True)
    added = counted(salon) - before
    assert store_if(receive.USUAL, salon.id, usual) == (salon.customer_id, True)
    assert row(salon, usual["sid"]) == row(salon, whole["sid"])
    assert (counted(salon) - before, counted(garage)) == (2 * added, theirs)
    assert store_if(receive.USUAL, salon.id, usual) == (salon.customer_id, False)
    assert counted(salon) - before == 2 * added


def test_from_an_address_that_is_not_known_there_the_half_stores_nothing(
    salon: Business, garage: Business
) -> None:
    with tenant_scope(salon.id):
        db.session.execute(update(ContactPoint).values(channel="whatsapp"))
        db.session.commit()
    before = counted(salon)
    assert store_if(receive.USUAL, salon.id, told(salon)) is None
    assert counted(salon) == before


def by_both(business: Business) -> dict[str, Any]:
    """From a telephone that WhatsApp names with its user id, and by its owner's name."""
    said = Received(
        sid(), business.customer_number, ("US.77",), business.number, "Ann Salon", "At 4?", ()
    )
    values = receive.parameters(business.route, CHANNELS["whatsapp"], said, NOON)
    return values | {"recovered": False}


def by_half(business: Business, values: dict[str, Any]) -> tuple[Any, ...] | None:
    known_there = values | {"family": ["whatsapp"]}
    return store_if(receive.USUAL_NAMED, business.id, known_there)


def test_of_a_number_and_an_id_the_half_is_enough_once_both_are_theirs(
    salon: Business, garage: Business
) -> None:
    assert by_half(salon, by_both(salon)) is None, "neither is known by WhatsApp"
    assert receive.receive(
        salon.route,
        CHANNELS["whatsapp"],
        Received(sid(), salon.customer_number, ("US.77",), salon.number, "", "At 3?", ()),
        NOON,
    )
    assert by_half(salon, by_both(salon)) == (salon.customer_id, 1)
    assert by_half(garage, by_both(garage)) is None
    with tenant_scope(salon.id):
        nameless = Customer()
        db.session.add(nameless)
        db.session.flush()
        ids = ContactPoint.address == "US.77"
        db.session.execute(update(ContactPoint).where(ids).values(customer_id=nameless.id))
        db.session.commit()
    assert by_half(salon, by_both(salon)) is None, "the id is another's"
    with tenant_scope(salon.id):
        here = ContactPoint.channel == "whatsapp"
        db.session.execute(update(ContactPoint).where(here).values(customer_id=nameless.id))
        db.session.commit()
    assert by_half(salon, by_both(salon)) is None, "they get their name first"
