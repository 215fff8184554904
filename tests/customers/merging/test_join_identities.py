"""Somebody writes by WhatsApp without their number, then with it: they become one by themselves."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.customers.merging.join_identities import join_identities
from app.customers.merging.likely_same import CARRIER, likely_same
from app.customers.merging.one_person import make_one
from app.customers.merging.take_apart import take_apart
from app.extensions import db
from app.models import (
    AuditEntry,
    ContactPoint,
    Conversation,
    Customer,
    CustomerMerge,
    IdentityLink,
    Message,
)
from app.outbox.queue.opt_out import opted_out
from app.tenancy import tenant_scope
from tests.support import twilio
from tests.support.browser import Browser
from tests.support.world import NOON, Business, sid

ID, NUMBER = "US.4155550188001", "+14155550188"
LATER = NOON + timedelta(hours=1)


def write(business: Business, body: str, sender: str, **more: str) -> None:
    form = {"MessageSid": sid(), "From": f"whatsapp:{sender}", "Body": body, "NumMedia": "0"}
    form |= {"To": f"whatsapp:{business.number}", "ProfileName": "Ada Lovelace"}
    path = f"/api/twilio/{business.slug}/whatsapp"
    assert twilio.post(path, form | {"ExternalUserId": f"whatsapp:{ID}"} | more).status_code == 200


def owner_of(business: Business, address: str) -> int:
    with tenant_scope(business.id):
        point = ContactPoint.address == address, ContactPoint.channel == "whatsapp"
        id_ = db.session.scalars(select(ContactPoint.customer_id).where(*point)).one()
        db.session.rollback()
    return id_


def bodies(customer_id: int) -> list[str]:
    theirs = select(Message.body).where(Message.customer_id == customer_id)
    return list(db.session.scalars(theirs.order_by(Message.id)))


@pytest.fixture
def two(salon: Business, garage: Business) -> tuple[int, int]:
    """Whose the number is, and whose the id; the id has written to the garage, too."""
    write(salon, "From my telephone", NUMBER, ExternalUserId="")
    for business in (salon, garage):
        write(business, "By my name alone", ID)
    return owner_of(salon, NUMBER), owner_of(salon, ID)


def test_an_id_alone_is_answered_without_a_plus(
    salon: Business, garage: Business, staff: Browser
) -> None:
    write(salon, "Hello", ID)
    asked = {"customer_id": owner_of(salon, ID), "body": "Good day"}
    assert staff.post("/messages/send", json=asked | {"channel": "whatsapp"}).status_code == 201
    refused = staff.post("/messages/send", json=asked | {"channel": "sms"})
    assert "no number is known" in refused.text
    thread = staff.get(f"/messages/{asked['customer_id']}").text
    assert "tel:" not in thread
    with tenant_scope(salon.id):
        said = select(Message).where(Message.body == "Good day")
        assert db.session.scalars(said).one().recipient == ID


@pytest.mark.parametrize(
    ("sender", "more"), [(NUMBER, {}), (ID, {"WaId": NUMBER[1:]})], ids=["number", "id"]
)
def test_a_message_with_both_makes_them_one(
    two: tuple[int, int],
    salon: Business,
    garage: Business,
    sender: str,
    more: dict[str, str],
) -> None:
    kept, gone = two
    assert kept != gone
    stranger = owner_of(garage, ID)
    write(salon, "It is me", sender, **more)
    # As the job does, and the sweep after it, which finds nothing more.
    join_identities(LATER)
    join_identities(LATER)
    assert owner_of(salon, NUMBER) == owner_of(salon, ID) == kept
    assert owner_of(garage, ID) == stranger
    with tenant_scope(salon.id):
        assert bodies(kept) == ["From my telephone", "By my name alone", "It is me"]
        talks = select(Conversation.customer_id).where(Conversation.customer_id.in_(two))
        assert db.session.scalars(talks).all() == [kept]
        assert db.session.get_one(Customer, gone).merged_into_id == kept
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry
        assert entry.facts == {"merged_with": gone, "known_by": "whatsapp"}
        assert (entry.actor_id, entry.customer_id) == (None, kept)
    admin = Browser(salon.admin)
    assert "WhatsApp named the customer" in admin.get("/admin/audit-log/").text
    assert "as WhatsApp named both" in admin.get(f"/same-person/{kept}").text


def test_who_was_known_by_sms_alone_is_met_by_number(salon: Business, garage: Business) -> None:
    write(salon, "By my name alone", ID)
    write(salon, "It is me", salon.customer_number)
    join_identities(LATER)
    assert owner_of(salon, ID) == owner_of(salon, salon.customer_number) == salon.customer_id


def test_whom_staff_took_apart_the_next_message_leaves_so(
    two: tuple[int, int], salon: Business
) -> None:
    write(salon, "It is me", NUMBER)
    join_identities(LATER)
    with tenant_scope(salon.id):
        take_apart(db.session.scalars(select(CustomerMerge)).one(), LATER)
        db.session.commit()
    write(salon, "And again", NUMBER)
    write(salon, "And by the other way", ID, WaId=NUMBER[1:])
    join_identities(LATER)
    assert (owner_of(salon, NUMBER), owner_of(salon, ID)) == two


def test_of_whom_others_hold_the_next_look_takes_care(
    app: Flask, two: tuple[int, int], salon: Business
) -> None:
    write(salon, "It is me", NUMBER)
    with tenant_scope(salon.id):
        held = select(Conversation).where(Conversation.customer_id == two[0])
        db.session.scalars(held.with_for_update()).one()
        looked = threading.Thread(target=lambda: _look(app))
        looked.start()
        looked.join()
        db.session.rollback()
    assert owner_of(salon, ID) == two[1]
    join_identities(LATER)
    assert owner_of(salon, ID) == two[0]


def _look(app: Flask) -> None:
    with app.app_context():
        join_identities(LATER)


def test_who_is_reached_through_somebody_is_left_to_people(
    two: tuple[int, int], salon: Business
) -> None:
    kept, gone = two
    with tenant_scope(salon.id):
        db.session.get_one(Customer, kept).reached_through_id = salon.customer_id
        db.session.commit()
    write(salon, "It is me", NUMBER)
    join_identities(LATER)
    assert owner_of(salon, ID) == gone
    with tenant_scope(salon.id):
        for one, other in ((kept, gone), (gone, kept)):
            likely = likely_same(db.session.get_one(Customer, one))
            assert CARRIER in next(each.reasons for each in likely if each.customer.id == other)
        waits = select(func.count()).where(IdentityLink.settled_at.is_(None))
        assert db.session.scalar(waits) == 0


@pytest.mark.parametrize(("first", "other"), [(NUMBER, ID), (ID, NUMBER)])
def test_a_stop_by_either_holds_for_both(
    salon: Business, garage: Business, first: str, other: str
) -> None:
    for business in (salon, garage):
        write(business, "It is me", NUMBER)
    write(salon, "STOP", first, ExternalUserId="")
    for business, stopped in ((salon, True), (garage, False)):
        with tenant_scope(business.id):
            assert opted_out("whatsapp", first) is stopped
            assert opted_out("whatsapp", other) is stopped
            assert not opted_out("sms", NUMBER)
            db.session.rollback()


def test_a_stop_from_before_holds_for_the_other_after_the_join(
    two: tuple[int, int], salon: Business
) -> None:
    write(salon, "STOP", ID)
    write(salon, "It is me", NUMBER)
    join_identities(LATER)
    with tenant_scope(salon.id):
        assert opted_out("whatsapp", NUMBER)
        db.session.rollback()


def test_what_comes_in_while_they_are_merged_is_the_kept_ones(
    app: Flask, two: tuple[int, int], salon: Business
) -> None:
    kept, gone = two
    with tenant_scope(salon.id):
        make_one(kept, gone, None, LATER)
        comes = threading.Thread(target=lambda: _write(app, salon))
        comes.start()
        comes.join(0.1)
        assert comes.is_alive(), "it waits for the merge"
        db.session.commit()
    comes.join()
    with tenant_scope(salon.id):
        assert bodies(kept)[-1] == "Meanwhile"
        assert bodies(gone) == []
        last = select(Conversation.preview).where(Conversation.customer_id.in_(two))
        assert db.session.scalars(last).all() == ["Meanwhile"]


def _write(app: Flask, salon: Business) -> None:
    with app.app_context():
        write(salon, "Meanwhile", ID)
