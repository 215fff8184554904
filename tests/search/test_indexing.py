"""Every message gets its words once, whatever the order in which transactions end."""

from datetime import timedelta

import psycopg
from sqlalchemy import func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from app.extensions import db
from app.models import ContactPoint, Customer, CustomerWords, Message, MessageWords, SearchMark
from app.search import indexing
from app.tenancy import tenant_scope, unscoped
from tests.support import owner
from tests.support.world import NOON, Business, hear, say

LATER = NOON + timedelta(minutes=2)


def _indexed(business: Business) -> int:
    with tenant_scope(business.id):
        return len(db.session.scalars(select(MessageWords.message_id)).all())


def _mark() -> SearchMark:
    return db.session.scalars(select(SearchMark).execution_options(populate_existing=True)).one()


def test_messages_are_indexed_once_each_for_their_own_business(
    salon: Business, garage: Business
) -> None:
    say(salon, "See you on Tuesday")
    assert indexing.index(NOON) == 3
    assert (_indexed(salon), _indexed(garage)) == (2, 1)
    assert indexing.index(NOON) == 0
    hear(salon, "Thanks")
    assert indexing.index(LATER) == 1
    with unscoped("a test"):
        words = dict(db.session.execute(select(MessageWords.tenant_id, MessageWords.words)).all())
    assert f"'{salon.id}w" in words[salon.id] and f"'{garage.id}w" not in words[salon.id]


def test_one_whose_transaction_ended_after_those_behind_it_is_not_passed_over(
    salon: Business, garage: Business
) -> None:
    url = owner.engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as slow:
        slow.execute("UPDATE tenant SET name = name WHERE id = %s", [garage.id])
        slow.execute(
            "INSERT INTO message (tenant_id, customer_id, channel, direction, status, body, sender,"
            " recipient) VALUES (%s, %s, 'sms', 'inbound', 'received', 'late', '+1', '+1')",
            [garage.id, garage.customer_id],
        )
        hear(salon, "It has an id behind the one that is under way")
        for minutes in range(5):
            indexing.index(NOON + timedelta(minutes=2 * minutes))
        assert _mark().settled_id < _mark().seen_id, "nothing is settled meanwhile"
        slow.commit()
    assert indexing.index(NOON + timedelta(minutes=20)) == 1
    assert _indexed(garage) == 2


def test_what_is_older_than_the_index_comes_into_it_newest_first(
    salon: Business, garage: Business
) -> None:
    for number in range(5):
        hear(salon, f"Text {number}")
    with unscoped("a test"):
        last = db.session.scalars(select(func.max(Message.id))).one()
        people = db.session.scalars(select(func.max(Customer.id))).one()
    owner.run(
        "DELETE FROM customer_words; INSERT INTO search_mark (id, settled_id, seen_id, seen_xid,"
        f" messages_left, customers_left) VALUES (1, {last}, 0, 0, {last}, {people})"
    )
    assert indexing.index(NOON) == 9
    assert (_mark().messages_left, _mark().customers_left) == (0, 0)
    with tenant_scope(salon.id):
        assert len(db.session.scalars(select(CustomerWords)).all()) == 1


def test_a_text_that_is_changed_is_found_by_the_new_one(salon: Business, garage: Business) -> None:
    message = say(salon, "old words")
    indexing.index(NOON)
    with tenant_scope(salon.id):
        db.session.execute(update(Message).where(Message.id == message).values(body="new words"))
        db.session.commit()
        words = db.session.scalars(
            select(MessageWords.words).where(MessageWords.message_id == message)
        ).one()
    assert f"'{salon.id}wnew'" in words and f"'{salon.id}wold'" not in words


def test_a_customers_words_follow_their_addresses(salon: Business, garage: Business) -> None:
    def found(*clause: str) -> list[int]:
        wanted = literal([list(clause)], JSONB)
        return list(db.session.scalars(select(func.customers_found(salon.id, wanted, 9))))

    with tenant_scope(salon.id):
        point = ContactPoint(customer_id=salon.customer_id, channel="sms", address="+13475550188")
        db.session.add(point)
        db.session.commit()
        assert found("d50188*") == [salon.customer_id]
        point.address = "+13475550199"
        db.session.commit()
        assert (found("d50188*"), found("d50199*")) == ([], [salon.customer_id])
        db.session.delete(point)
        db.session.commit()
        assert found("d50199*") == []
        db.session.delete(db.session.get_one(Customer, salon.customer_id))
        db.session.commit()
        assert db.session.scalars(select(CustomerWords)).all() == []
