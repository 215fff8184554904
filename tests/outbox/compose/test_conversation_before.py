"""A message that is taken back leaves no trace in its conversation."""

from datetime import timedelta
from typing import Any

from sqlalchemy import inspect, select

from app.extensions import db
from app.inbox import conversation_commands
from app.inbox.conversation_log import By
from app.lib.message_status import MessageStatus
from app.models import ContactPoint, Conversation, ConversationEvent, Customer, Message, User
from app.outbox.after_send import take_back
from app.outbox.compose.manual_message import compose
from app.tenancy import tenant_scope
from tests.support.world import NOON, Business, hear, say

LATER = NOON + timedelta(hours=1)
EVERYTHING = [each.key for each in inspect(Conversation).column_attrs]


def user(business: Business) -> int:
    with tenant_scope(business.id):
        return db.session.scalars(select(User.id).where(User.email == business.staff)).one()


def write(business: Business, body: str) -> int:
    with tenant_scope(business.id):
        customer = db.session.get_one(Customer, business.customer_id)
        return compose(customer, "sms", body, LATER, author_id=user(business)).id


def undo(business: Business, id_: int) -> None:
    with tenant_scope(business.id):
        take_back(db.session.get_one(Message, id_), user(business), LATER)


def rows(business: Business) -> tuple[Any, ...]:
    """The conversation in all its columns, what was done with it, and what has not arrived."""
    db.session.rollback()
    with tenant_scope(business.id):
        columns = [getattr(Conversation, name) for name in EVERYTHING]
        talk = db.session.execute(select(*columns)).all()
        done = db.session.scalars(select(ConversationEvent.id)).all()
        lost = db.session.scalars(select(Message.id).where(Message.not_arrived())).all()
    return talk, done, lost


def test_all_is_as_it_was_before(salon: Business, garage: Business) -> None:
    lost = say(salon, "Did not arrive", status=MessageStatus.FAILED)
    hear(salon, "Are you there?", at=NOON + timedelta(minutes=1))
    theirs, before = rows(garage), rows(salon)
    assert before[2] == [lost]
    first = write(salon, "Yes")
    second = write(salon, "And no")
    assert rows(salon) != before
    # In the order in which they were written, as well as in the other.
    undo(salon, first)
    undo(salon, second)
    assert (rows(salon), rows(garage)) == (before, theirs)


def test_one_that_was_closed_is_closed_again(salon: Business) -> None:
    with tenant_scope(salon.id):
        conversation_commands.close(salon.customer_id, By(), NOON)
        db.session.commit()
    before = rows(salon)
    undo(salon, write(salon, "One more thing"))
    assert rows(salon) == before


def test_what_came_or_was_done_meanwhile_stays(salon: Business) -> None:
    id_ = write(salon, "Wait")
    hear(salon, "Too late", at=LATER + timedelta(seconds=2))
    undo(salon, id_)
    with tenant_scope(salon.id):
        talk = db.session.scalars(select(Conversation)).one()
        assert (talk.preview, talk.waiting_since is None) == ("Too late", False)


def test_whoever_was_given_it_meanwhile_keeps_it(salon: Business) -> None:
    id_ = write(salon, "Wait")
    with tenant_scope(salon.id):
        admin = db.session.scalars(select(User.id).where(User.email == salon.admin)).one()
        conversation_commands.assign(salon.customer_id, admin, By(), LATER)
        db.session.commit()
    undo(salon, id_)
    with tenant_scope(salon.id):
        talk = db.session.scalars(select(Conversation)).one()
        assert (talk.assignee_id, talk.preview) == (admin, "Hello from salon")


def test_a_first_message_leaves_no_conversation(salon: Business) -> None:
    with tenant_scope(salon.id):
        new = Customer(first_name="Nora")
        db.session.add(new)
        db.session.flush()
        new.contact_points.append(ContactPoint(channel="sms", address="+12125550190"))
        message = compose(new, "sms", "Welcome", LATER)
        take_back(message, None, LATER)
        query = select(Conversation.id).where(Conversation.customer_id == new.id)
        assert db.session.scalar(query) is None
