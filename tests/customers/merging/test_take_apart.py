"""A merge is undone exactly, and each keeps what has come to them since."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.appointments import commands
from app.customers.merging.one_person import CannotMerge, make_one
from app.customers.merging.take_apart import take_apart
from app.extensions import db
from app.inbox import conversation_transitions
from app.models import (
    Appointment,
    ConsentEvent,
    ContactPoint,
    Conversation,
    Customer,
    CustomerMerge,
    Draft,
    Message,
    NoticeKind,
    OptOut,
    User,
    UserNotice,
)
from tests.customers.merging.conftest import ANOTHER, Two, everything
from tests.support.world import NOON, Business, hear

pytestmark = pytest.mark.usefixtures("in_scope")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def undo(merge: CustomerMerge, at: datetime) -> None:
    take_apart(merge, at)
    db.session.commit()


def merged(two: Two, kept: str, at: datetime = NOON + HOUR) -> CustomerMerge:
    kept_id, gone_id = (two.ann, two.other) if kept == "ann" else (two.other, two.ann)
    merge = make_one(kept_id, gone_id, None, at)
    db.session.commit()
    return merge


def talk(customer_id: int) -> Conversation:
    db.session.expire_all()
    return db.session.scalars(select(Conversation).filter_by(customer_id=customer_id)).one()


@pytest.mark.parametrize("kept", ["ann", "other"])
def test_every_row_is_as_it_was(two: Two, salon: Business, kept: str) -> None:
    staff = db.session.scalars(select(User).where(User.email == salon.staff)).one()
    booked = db.session.scalars(select(Appointment)).one()
    booked.attendee_id = two.other
    other = db.session.get_one(Customer, two.other)
    other.notes, other.language = "Parks behind the house", "de"
    if kept == "ann":
        other.reached_through_id = two.ann
    for id_, body in ((two.ann, "Dear Ann"), (two.other, "Dear you")):
        db.session.add(
            Draft(user_id=staff.id, customer_id=id_, channel="sms", body=body, updated_at=NOON)
        )
        notice = {"customer_id": id_, "kind": NoticeKind.ASSIGNED, "at": NOON}
        db.session.add(UserNotice(recipient_id=staff.id, **notice))
    db.session.commit()
    before = everything()
    merge = merged(two, kept)
    assert everything() != before
    undo(merge, NOON + 2 * HOUR)
    after = everything()
    for name, rows in before.items():
        assert after[name] == rows, name


def test_of_one_without_a_conversation_as_well(two: Two, salon: Business) -> None:
    walked_in = Customer(first_name="Ann", last_name="Salon", notes="Walked in")
    db.session.add(walked_in)
    db.session.commit()
    before = everything()
    for kept_id, gone_id in ((two.ann, walked_in.id), (walked_in.id, two.ann)):
        merge = make_one(kept_id, gone_id, None, NOON + HOUR)
        db.session.commit()
        undo(merge, NOON + 2 * HOUR)
        after = everything()
        assert {name for name in before if before[name] != after[name]} == set()


def test_each_has_what_came_to_their_number_since(two: Two, salon: Business) -> None:
    merge = merged(two, "ann")
    later = NOON + 2 * HOUR
    hear(salon, "From the old number", at=later)
    hear(salon, "From the new number", number=ANOTHER, at=later + HOUR)
    details = commands.Changes(customer_id=two.ann, starts_at=NOON + 3 * DAY)
    booked = commands.book(later, duration_minutes=30, announce=False, **details).id
    undo(merge, later + 2 * HOUR)
    said = select(Message.body).order_by(Message.id)
    of_ann = db.session.scalars(said.where(Message.customer_id == two.ann)).all()
    of_other = db.session.scalars(said.where(Message.customer_id == two.other)).all()
    assert list(of_ann) == ["Hello from salon", "From the old number"]
    assert list(of_other) == ["It is Ann, with my new telephone", "From the new number"]
    assert db.session.get_one(Appointment, booked).customer_id == two.ann, "agreed on with the kept"
    assert (talk(two.ann).preview, talk(two.ann).unread_count) == (of_ann[-1], 2)
    assert (talk(two.other).preview, talk(two.other).unread_count) == (of_other[-1], 2)
    assert talk(two.ann).waiting_since == talk(two.other).waiting_since == NOON


def test_of_two_who_had_said_nothing_each_has_what_they_said_since(salon: Business) -> None:
    kept, gone = (Customer(first_name=name) for name in ("Mia", "Mia"))
    db.session.add_all([kept, gone])
    db.session.flush()
    point = {"customer_id": gone.id, "channel": "sms", "address": ANOTHER}
    db.session.add(ContactPoint(**point))
    merge = make_one(kept.id, gone.id, None, NOON)
    db.session.commit()
    hear(salon, "Do you have time?", number=ANOTHER, at=NOON + HOUR)
    undo(merge, NOON + 2 * HOUR)
    theirs = talk(gone.id)
    assert (theirs.preview, theirs.unread_count) == ("Do you have time?", 1)
    assert theirs.waiting_since == NOON + HOUR


def test_what_staff_did_since_holds_for_both(two: Two, salon: Business) -> None:
    merge = merged(two, "ann")
    db.session.execute(
        conversation_transitions.close(Conversation.customer_id == two.ann, NOON + 2 * HOUR)
    )
    db.session.commit()
    hear(salon, "One thing more", number=ANOTHER, at=NOON + 3 * HOUR)
    undo(merge, NOON + 4 * HOUR)
    ann, other = talk(two.ann), talk(two.other)
    assert (ann.waiting_since, ann.unread_count) == (None, 0)
    assert ann.closed_at == other.closed_at == NOON + 2 * HOUR
    assert (other.waiting_since, other.unread_count) == (NOON + 3 * HOUR, 1)


def test_a_stop_of_the_merge_ends_with_it_but_one_of_theirs_stays(
    two: Two, salon: Business
) -> None:
    hear(salon, "STOP", number=ANOTHER, at=NOON + timedelta(minutes=1))
    merge = merged(two, "ann")
    undo(merge, NOON + 2 * HOUR)
    stopped = set(db.session.scalars(select(OptOut.address)))
    assert ANOTHER in stopped and salon.customer_number not in stopped
    again = merged(two, "ann", NOON + 3 * HOUR)
    hear(salon, "STOP", at=NOON + 4 * HOUR)
    undo(again, NOON + 5 * HOUR)
    assert salon.customer_number in set(db.session.scalars(select(OptOut.address)))
    ledger = select(ConsentEvent.said).where(ConsentEvent.address == salon.customer_number)
    words = db.session.scalars(ledger.order_by(ConsentEvent.id)).all()
    assert list(words) == ["stop", "start", "stop", "stop"]


def test_what_was_written_on_since_is_nobodys_to_take_back(two: Two, salon: Business) -> None:
    other = db.session.get_one(Customer, two.other)
    other.notes = "Parks behind the house"
    db.session.commit()
    merge = merged(two, "ann")
    db.session.execute(update(Customer).where(Customer.id == two.ann).values(notes="Allergic"))
    db.session.commit()
    undo(merge, NOON + 2 * HOUR)
    db.session.expire_all()
    assert db.session.get_one(Customer, two.ann).notes == "Allergic"


def test_why_it_cannot_be_undone_is_said(two: Two, salon: Business, garage: Business) -> None:
    merge = merged(two, "ann")
    third = Customer(first_name="Anna")
    db.session.add(third)
    db.session.commit()
    later = make_one(third.id, two.ann, None, NOON + 2 * HOUR)
    db.session.commit()
    with pytest.raises(CannotMerge, match="Undo that first"):
        take_apart(merge, NOON + 3 * HOUR)
    with pytest.raises(CannotMerge, match="older"):
        take_apart(later, NOON + 33 * DAY)
    undo(later, NOON + 3 * HOUR)
    with pytest.raises(CannotMerge, match="already"):
        take_apart(later, NOON + 3 * HOUR)
    undo(merge, NOON + 4 * HOUR)
    assert db.session.get_one(Customer, two.other).merged_into_id is None
