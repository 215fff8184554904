"""Who is probably the same person, with the reasons that people see."""

from datetime import timedelta

import pytest

from app.customers.merging.likely_same import likely_pairs, likely_same
from app.customers.merging.one_person import make_one
from app.customers.merging.take_apart import take_apart
from app.extensions import db
from app.models import ChatSession, ContactPoint, Customer
from tests.support.world import NOON, Business

pytestmark = pytest.mark.usefixtures("in_scope")


def known(first: str, last: str = "", **reached: str) -> Customer:
    made = Customer(first_name=first, last_name=last)
    db.session.add(made)
    db.session.flush()
    for channel, address in reached.items():
        db.session.add(ContactPoint(customer_id=made.id, channel=channel, address=address))
    db.session.flush()
    db.session.expire_all()
    return made


def why(customer: Customer) -> dict[str, list[str]]:
    return {each.customer.name: each.reasons for each in likely_same(customer)}


def test_by_a_name_that_is_the_same_or_nearly_so(salon: Business, garage: Business) -> None:
    ann = known("Josefine", "Müller")
    known("Muller", "Josefine")
    known("Josefin", "Müller")
    known("Josefine", "Meier")
    known("Josefine")
    assert why(ann) == {
        "Muller Josefine": ["The same name."],
        "Josefin Müller": ["Nearly the same name."],
    }
    assert why(known("Garage", "Ann")) == {}, "the stranger's Ann Garage is nobody here"


def test_by_a_number_in_another_form_and_by_a_mailbox(salon: Business) -> None:
    ann = known("Ann", whatsapp="+5215512345678", email="ann.b+salon@gmail.com")
    known("Telephone", sms="+525512345678")
    known("Mailbox", email="annb@gmail.com")
    known("Dots", email="ann.b@example.com")
    assert {name: len(reasons) for name, reasons in why(ann).items()} == {
        "Telephone": 1,
        "Mailbox": 1,
    }


def test_by_what_a_visitor_typed_seen_from_both_sides(salon: Business) -> None:
    owner, visitor = known("Owner", sms="+12125550166"), known("", webchat="v-" + "a" * 32)
    session = {"address": "v-" + "a" * 32, "token_hash": "x", "typed_phone": "+12125550166"}
    db.session.add(ChatSession(**session))
    db.session.flush()
    for one, other in ((owner, visitor), (visitor, owner)):
        [found] = likely_same(one)
        assert found.customer.id == other.id and "proves nothing" in found.reasons[0]
    assert {owner.id, visitor.id} in [{one.id, other.id} for one, other, _ in likely_pairs()]


def test_nobody_of_the_family_and_nobody_who_was_taken_apart(salon: Business) -> None:
    one, other = known("Mia", "Becker"), known("Mia", "Becker")
    assert [len(likely_same(each)) for each in (one, other)] == [1, 1]
    other.reached_through_id = one.id
    db.session.flush()
    assert [len(likely_same(each)) for each in (one, other)] == [0, 0]
    other.reached_through_id = None
    merge = make_one(one.id, other.id, None, NOON)
    assert (likely_same(one), likely_pairs()) == ([], [])
    take_apart(merge, NOON + timedelta(hours=1))
    assert (likely_same(one), likely_pairs()) == ([], [])
