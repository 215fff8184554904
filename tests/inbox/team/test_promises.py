"""Promises: in sight until they are done, told of once when they are due, and never another's."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.inbox import conversation_commands as conversations
from app.inbox import conversations as lists
from app.inbox.conversation_log import By
from app.inbox.list_views import View
from app.inbox.team import notices, promises
from app.inbox.team.promises import BadPromise, asked_open, done, promise, remind
from app.models import Conversation, Customer, NoticeKind, Promise, User, UserNotice
from app.outbox.after_send import take_back
from app.outbox.compose.manual_message import compose
from app.tenancy import tenant_scope
from tests.automation.rules import outside
from tests.support import listed
from tests.support.world import NOON, Business, hear

HOUR = timedelta(hours=1)
DUE = NOON + 3 * HOUR


def waits(owner: Business, at: datetime = NOON) -> bool:
    """Whether the conversation is in the folder «Waiting for us»."""
    page = listed.page(lists.Filter(View.WAITING), now=at)
    return owner.customer_id in [row.customer_id for row in page.rows]


def settled(owner: Business) -> int:
    """Nobody waits; the id of one of the staff."""
    conversations.close(owner.customer_id, By(), NOON)
    db.session.commit()
    return db.session.scalars(select(User.id).where(User.email == owner.staff)).one()


def row() -> Promise:
    return db.session.scalars(select(Promise).where(Promise.done_at.is_(None))).one()


def test_what_is_promised_waits_until_it_is_done(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        staff = settled(salon)
        assert not waits(salon)
        assert promise(salon.customer_id, DUE, staff, NOON + HOUR)
        assert not promise(salon.customer_id, DUE, staff, NOON + HOUR)
        db.session.commit()
        (open_,) = asked_open(salon.customer_id).answer
        assert (open_.what, open_.due_at, open_.who) == ("Call back", DUE, "Staff")
        assert waits(salon)
        assert done(row(), NOON + 2 * HOUR)
        db.session.commit()
        assert not waits(salon)
        assert asked_open(salon.customer_id).answer == ()
        assert asked_open(garage.customer_id).answer == ()


def test_what_they_wrote_since_still_waits(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        staff = settled(salon)
        promise(salon.customer_id, DUE, staff, NOON + HOUR)
        db.session.commit()
    hear(salon, "And what about Friday?", at=NOON + 2 * HOUR)
    with tenant_scope(salon.id):
        done(row(), DUE)
        db.session.commit()
        talk = db.session.scalars(select(Conversation)).one()
        assert talk.waiting_since == NOON + 2 * HOUR


def test_whoever_sees_to_it_is_told_once_when_it_is_due(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        staff = settled(salon)
        admin = db.session.scalars(select(User.id).where(User.email == salon.admin)).one()
        promise(salon.customer_id, DUE, staff, NOON)
        conversations.assign(salon.customer_id, admin, By(admin), NOON)
        conversations.finish(salon.customer_id, By(admin), NOON)
        db.session.commit()
        assert not waits(salon)
    with tenant_scope(garage.id):
        promise(garage.customer_id, DUE + HOUR, None, NOON)
        db.session.commit()
    with outside():
        assert [remind(DUE - HOUR / 60), remind(DUE), remind(DUE)] == [0, 1, 0]
    with tenant_scope(salon.id):
        kind = UserNotice.kind == NoticeKind.PROMISED
        (told,) = db.session.scalars(select(UserNotice).where(kind)).all()
        assert (told.recipient_id, told.customer_id) == (admin, salon.customer_id)
        assert notices.unread(admin).answer == 1
        assert waits(salon)
    with tenant_scope(garage.id):
        assert db.session.scalars(select(UserNotice)).all() == []


def test_what_cannot_be_promised_says_why(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        for at, what in ((NOON, ""), (DUE, "x" * 201)):
            with pytest.raises(BadPromise):
                promise(salon.customer_id, at, None, NOON, what)
        with pytest.raises(BadPromise, match="Nothing was said"):
            promise(garage.customer_id, DUE, None, NOON)
        for minute in range(promises.MOST):
            promise(salon.customer_id, DUE + minute * HOUR, None, NOON)
        with pytest.raises(BadPromise, match="Do one first"):
            promise(salon.customer_id, DUE - HOUR, None, NOON)
        first, *_ = db.session.scalars(select(Promise).where(Promise.done_at.is_(None))).all()
        assert (done(first, NOON), done(first, NOON)) == (True, False)
        assert waits(salon)


def test_an_answer_in_between_leaves_it_waiting_until_the_last_is_done(
    salon: Business, garage: Business
) -> None:
    with tenant_scope(salon.id):
        staff = settled(salon)
        for when in (DUE, DUE + HOUR):
            promise(salon.customer_id, when, staff, NOON + HOUR)
        db.session.commit()
        customer = db.session.get_one(Customer, salon.customer_id)
        message = compose(customer, "sms", "One moment", NOON + 2 * HOUR, staff)
        assert waits(salon)
        take_back(message, staff, NOON + 2 * HOUR)
        assert waits(salon)
        for each in db.session.scalars(select(Promise).where(Promise.done_at.is_(None))).all():
            assert waits(salon)
            assert done(each, DUE)
            db.session.commit()
        assert not waits(salon)
