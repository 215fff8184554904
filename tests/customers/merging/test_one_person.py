"""Two customers become one, over every table, and nobody else's row is touched."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.customers.merging.names_customers import STAY, moving
from app.customers.merging.one_person import CannotMerge, make_one
from app.extensions import Model, db
from app.models import (
    Appointment,
    ConsentEvent,
    ContactPoint,
    Conversation,
    ConversationLabel,
    Customer,
    Draft,
    Erasure,
    Message,
    NoticeKind,
    OptOut,
    User,
    UserNotice,
)
from app.search import found_customers as search
from app.search.clauses import of_customers
from tests.customers.merging.conftest import ANOTHER, Two, everything
from tests.support.world import NOON, Business, hear

pytestmark = pytest.mark.usefixtures("in_scope")
LATER = NOON + timedelta(hours=1)
# What names a customer without a key, and why a merge need not move it.
BY_OTHERS = {
    "message_words": "a trigger keeps it with its message",
    "audit_entry": "says for ever whose row it was then",
    "erasure": "who is to be erased is not merged",
    "import_change": "says what a row was called as it was imported",
}


def one(kind: type[Model], **of: object) -> Model:
    return db.session.scalars(select(kind).filter_by(**of)).one()


def count(kind: type[Model], **of: object) -> int:
    query = select(func.count()).select_from(kind).filter_by(**of)
    return db.session.scalars(query).one()


def test_no_table_that_names_a_customer_is_forgotten() -> None:
    moved = {each.kind.__tablename__ for each in moving()} | {each.__tablename__ for each in STAY}
    named = {
        table.name
        for table in db.metadata.sorted_tables
        if any("customer_id" in column.name for column in table.columns)
    }
    assert named - moved == {name for name in BY_OTHERS if name in named}


@pytest.mark.parametrize("kept", ["ann", "other"])
def test_all_that_was_the_ones_is_the_others(two: Two, kept: str) -> None:
    kept_id, gone_id = (two.ann, two.other) if kept == "ann" else (two.other, two.ann)
    had = {
        (each.kind, each.name): count(each.kind, **{each.name: kept_id})
        + count(each.kind, **{each.name: gone_id})
        for each in moving()
    }
    assert sum(map(bool, had.values())) > 8, "there is something to move"
    make_one(kept_id, gone_id, None, LATER)
    db.session.commit()
    for (kind, name), many in had.items():
        if kind is Customer:
            continue
        assert count(kind, **{name: gone_id}) == 0, (kind, name)
        assert count(kind, **{name: kept_id}) == many, (kind, name)
    merged = db.session.get_one(Customer, kept_id)
    assert merged.name == "Ann Salon"
    assert {point.address for point in merged.contact_points} >= {ANOTHER}
    talk = one(Conversation)
    assert (talk.customer_id, talk.unread_count, talk.preview) == (
        kept_id,
        2,
        "It is Ann, with my new telephone",
    )
    found = search.ids(of_customers("Ann Salon", "US")) + search.ids(of_customers(ANOTHER, "US"))
    assert set(found) == {kept_id}


def test_the_stranger_and_other_customers_see_nothing_of_it(
    two: Two, salon: Business, garage: Business
) -> None:
    hear(salon, "Somebody else", number="+12125550188")
    before = everything()
    make_one(two.ann, two.other, None, LATER)
    db.session.commit()
    after = everything()
    for name in before:
        lost, new = set(before[name]) - set(after[name]), set(after[name]) - set(before[name])
        assert not [row for row in lost | new if row.startswith(f"('({garage.id},")], name
        assert not [row for row in lost | new if "Somebody else" in row and name != "search_mark"]


def test_what_both_had_is_there_once(two: Two, salon: Business) -> None:
    label_id = one(ConversationLabel, customer_id=two.ann).label_id
    staff = one(User, email=salon.staff)
    for id_, body in ((two.ann, "Dear Ann"), (two.other, "Dear you")):
        db.session.add(
            Draft(user_id=staff.id, customer_id=id_, channel="sms", body=body, updated_at=NOON)
        )
        db.session.add(
            UserNotice(recipient_id=staff.id, customer_id=id_, kind=NoticeKind.ASSIGNED, at=NOON)
        )
    db.session.add(ConversationLabel(customer_id=two.other, label_id=label_id, at=NOON))
    db.session.flush()
    make_one(two.ann, two.other, None, LATER)
    db.session.commit()
    assert one(Draft, customer_id=two.ann).body == "Dear Ann\n\nDear you"
    assert one(ConversationLabel, customer_id=two.ann).label_id == label_id
    unread = select(UserNotice.customer_id).where(UserNotice.read_at.is_(None))
    assert db.session.scalars(unread).all() == [two.ann]


def test_of_what_each_wants_the_stricter_holds(two: Two, salon: Business) -> None:
    hear(salon, "STOP", number=ANOTHER, at=NOON + timedelta(minutes=1))
    assert count(OptOut, address=salon.customer_number) == 0
    make_one(two.ann, two.other, None, LATER)
    db.session.commit()
    assert count(OptOut, address=salon.customer_number) > 0
    assert one(ConsentEvent, address=salon.customer_number).source == "merge"
    emails = select(ContactPoint.address).where(ContactPoint.channel == "email")
    [email] = db.session.scalars(emails.where(ContactPoint.customer_id == two.ann))
    assert count(OptOut, address=email) == 0, "of email they said nothing"


def test_who_came_along_with_themselves_comes_alone(two: Two) -> None:
    booked = one(Appointment)
    booked.attendee_id = two.other
    db.session.get_one(Customer, two.other).reached_through_id = two.ann
    db.session.flush()
    make_one(two.ann, two.other, None, LATER)
    db.session.commit()
    assert one(Appointment).attendee_id is None
    assert db.session.get_one(Customer, two.ann).reached_through_id is None


def test_why_two_cannot_be_made_one_is_said(two: Two, salon: Business, garage: Business) -> None:
    with pytest.raises(CannotMerge, match="same customer"):
        make_one(two.ann, two.ann, None, LATER)
    way = Customer(first_name="Rosa")
    db.session.add(way)
    db.session.flush()
    db.session.get_one(Customer, two.other).reached_through_id = way.id
    db.session.flush()
    with pytest.raises(CannotMerge, match="reached through somebody else"):
        make_one(two.other, two.ann, None, LATER)
    make_one(two.ann, two.other, None, LATER)
    with pytest.raises(CannotMerge, match="same customer"):
        make_one(two.ann, two.other, None, LATER)
    db.session.rollback()
    asked = {"customer_id": two.other, "asked_at": NOON, "try_at": NOON}
    db.session.add(Erasure(**asked))
    db.session.flush()
    with pytest.raises(CannotMerge, match="be erased"):
        make_one(two.ann, two.other, None, LATER)


def test_a_later_text_from_either_number_is_the_kept_ones(two: Two, salon: Business) -> None:
    make_one(two.ann, two.other, None, LATER)
    db.session.commit()
    hear(salon, "Hello again", number=ANOTHER, at=LATER)
    newest = select(Message.customer_id).order_by(Message.id.desc()).limit(1)
    assert db.session.scalars(newest).one() == two.ann
