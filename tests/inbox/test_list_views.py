"""Each view of the list has what belongs there, by an index, and its count is right."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from app.extensions import db
from app.inbox import conversation_commands as commands
from app.inbox import conversations
from app.inbox.conversation_log import By
from app.inbox.list_views import View
from app.inbox.lists.conversation_counts import counts
from app.models import Conversation, User
from app.tenancy import tenant_scope
from tests.support import listed, owner
from tests.support.plans import plan, sent
from tests.support.world import NOON, Business, hear

LATER = NOON + timedelta(hours=1)
MANY = """
INSERT INTO customer (tenant_id, first_name, last_name)
    SELECT {tenant}, 'Many', n::text FROM generate_series(1, 4000) n;
INSERT INTO conversation (tenant_id, customer_id, last_message_at, last_message_id, last_channel,
        last_direction, preview, unread_count, closed_at)
    SELECT tenant_id, id, now() - id * interval '1 s', 0, 'sms', 'inbound', 'Hi', 0,
        CASE WHEN id % 4 > 0 THEN now() END
    FROM customer WHERE first_name = 'Many';
"""
INDEXES = {
    View.OPEN: "ix_conversation_open",
    View.MINE: "ix_conversation_assigned",
    View.UNASSIGNED: "ix_conversation_open",
    View.WAITING: "ix_conversation_waiting",
    View.READ: "ix_conversation_waiting",
    View.SNOOZED: "ix_conversation_snoozed",
    View.CLOSED: "ix_conversation_closed",
    View.FAILED: "ix_conversation_failed",
    View.ALL: "ix_conversation_inbox",
}


def user(business: Business, email: str) -> int:
    with tenant_scope(business.id):
        return db.session.scalars(select(User.id).where(User.email == email)).one()


def filled(business: Business) -> None:
    """A conversation for each state, by the name of its customer."""
    for number, name in enumerate(("Open", "Mine", "Theirs", "Answered", "Snoozed", "Closed")):
        hear(business, name, number=f"+1347555{number:04d}", name=name)
    mine, theirs = user(business, business.staff), user(business, business.admin)
    with tenant_scope(business.id):
        db.session.execute(update(Conversation).values(unread_count=0))
        ids = dict(db.session.execute(select(Conversation.preview, Conversation.customer_id)).all())
        commands.assign(ids["Mine"], mine, By(), NOON)
        commands.assign(ids["Theirs"], theirs, By(), NOON)
        commands.close(ids["Hello from salon"], By(), NOON)
        commands.close(ids["Closed"], By(), NOON)
        commands.assign(ids["Closed"], mine, By(), NOON)
        commands.snooze(ids["Snoozed"], LATER + timedelta(days=1), By(), NOON)
        commands.assign(ids["Snoozed"], mine, By(), NOON)
        commands.close(ids["Answered"], By(), NOON)
        commands.open_(ids["Answered"], By(), NOON)
        db.session.commit()


def found(business: Business, view: View, at: object = LATER) -> set[str]:
    mine = user(business, business.staff)
    with tenant_scope(business.id):
        rows, *_ = listed.page(conversations.Filter(view, mine), now=at)  # type: ignore[arg-type]
        return {row.preview for row in rows} - {"Hello from salon"}


@pytest.mark.parametrize(
    ("view", "names"),
    [
        (View.OPEN, "Open Mine Theirs Answered"),
        (View.MINE, "Mine"),
        (View.UNASSIGNED, "Open Answered"),
        (View.WAITING, "Open Mine Theirs"),
        (View.SNOOZED, "Snoozed"),
        (View.CLOSED, "Closed"),
        (View.ALL, "Open Mine Theirs Answered Snoozed Closed"),
    ],
)
def test_each_view_has_what_belongs_there(
    salon: Business, garage: Business, view: View, names: str
) -> None:
    filled(salon)
    assert found(salon, view) == set(names.split())


def test_a_snooze_that_is_over_is_open_before_any_job(salon: Business) -> None:
    filled(salon)
    over = LATER + timedelta(days=1)
    assert "Snoozed" in found(salon, View.OPEN, over)
    assert "Snoozed" in found(salon, View.MINE, over)
    assert found(salon, View.SNOOZED, over) == set()


def test_the_counts_are_those_of_the_lists(salon: Business, garage: Business) -> None:
    filled(salon)
    mine = user(salon, salon.staff)
    with tenant_scope(salon.id):
        lists = [conversations.Filter(view, mine) for view in (View.MINE, View.WAITING)]
        assert counts([*lists, conversations.Filter(View.MINE)]) == [1, 3, 0]
    with tenant_scope(garage.id):
        assert counts([conversations.Filter(View.MINE, mine)]) == [0]


@pytest.mark.parametrize("view", View)
def test_each_view_has_its_index(salon: Business, view: View) -> None:
    filled(salon)
    owner.run(MANY.format(tenant=salon.id))
    owner.run("VACUUM ANALYZE conversation, customer")
    mine = user(salon, salon.staff)
    with tenant_scope(salon.id):
        # On the handful of rows of a view the planner would rather sort.
        db.session.execute(text("SET LOCAL enable_sort = off"))
        db.session.execute(text("SET LOCAL enable_bitmapscan = off"))
        wanted = conversations.Filter(view, mine)
        found = plan(*sent(lambda: listed.page(wanted, now=LATER))[0])
        db.session.rollback()
    assert INDEXES[view] in found, found
    assert not re.search(r"Seq Scan on conversation\b", found)


def test_all_that_was_there_before_is_open(salon: Business) -> None:
    """As a row stands that knows nothing of states."""
    owner.run(MANY.format(tenant=salon.id).replace("THEN now()", "THEN NULL::timestamptz"))
    with tenant_scope(salon.id):
        rows, more, _ = listed.page(conversations.Filter(View.OPEN), now=LATER)
    assert len(rows) == conversations.PAGE and more
