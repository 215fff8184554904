"""What a customer's memory is computed from: theirs alone, as it is now, by one statement."""

from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.inbox import conversation_commands as conversations
from app.inbox.conversation_log import By
from app.memory.customer_history import history
from app.models import Appointment, Call, Conversation, Customer
from app.tenancy import tenant_scope
from tests.support import owner
from tests.support.plans import buffers, plan, sent
from tests.support.queries import statements
from tests.support.world import NOON, Business, hear, say

DAY = timedelta(days=1)


def test_it_is_theirs_alone_and_one_statement(salon: Business, garage: Business) -> None:
    """Also not that of somebody who is reached through them."""
    with tenant_scope(salon.id):
        child = Customer(first_name="Cleo", reached_through_id=salon.customer_id)
        db.session.add(child)
        db.session.flush()
        agreed = {"customer_id": salon.customer_id, "starts_at": NOON - DAY, "status": "completed"}
        for who in ({}, {"attendee_id": child.id}, {"attendee_name": "Uncle Bob"}):
            db.session.add(Appointment(**agreed, **who))
        child_id = child.id
        db.session.commit()
        with statements() as sent_:
            ours, theirs = history(salon.customer_id), history(child_id)
            assert len([each for each in sent_ if each.startswith("SELECT")]) == 2
        assert [each.status for each in ours.visits] == ["scheduled", "completed"]
        assert (ours.visits[0].service, ours.visits[0].staff_member) == ("Cut", "Sofia")
        assert [each.status for each in theirs.visits] == ["completed"]
        assert [each.direction for each in ours.said] == ["inbound"]
        nobodys = history(garage.customer_id)
        assert (nobodys.visits, nobodys.said, nobodys.asked) == ([], [], None)


def test_what_waits_is_the_last_that_nobody_answered(salon: Business, garage: Business) -> None:
    hear(salon, "Do you have time on Friday?", at=NOON + DAY)
    with tenant_scope(salon.id):
        asked = history(salon.customer_id).asked
        assert asked
        assert (asked.excerpt, asked.called_at) == ("Do you have time on Friday?", None)
        assert conversations.finish(salon.customer_id, By(), NOON + DAY)
        db.session.commit()
        assert history(salon.customer_id).asked is None
    hear(salon, "Hello?" + "!" * 500, at=NOON + 2 * DAY)
    say(salon, "Reminder: by itself", at=NOON + 3 * DAY)
    with tenant_scope(salon.id):
        later = NOON + 9 * DAY
        assert conversations.snooze(salon.customer_id, later, By(), NOON + 2 * DAY)
        db.session.commit()
        asked = history(salon.customer_id).asked
        assert asked
        assert asked.since == NOON + 2 * DAY
        assert len(asked.excerpt) == 200


def test_a_call_that_nobody_took_waits_without_what_was_written_before(
    salon: Business, garage: Business
) -> None:
    with tenant_scope(salon.id):
        talk = db.session.scalars(select(Conversation)).one()
        call = db.session.scalars(select(Call)).one()
        call.started_at = call.missed_at = talk.waiting_since = NOON + DAY
        talk.last_call_id = call.id
        db.session.commit()
        asked = history(salon.customer_id).asked
        assert asked
        assert (asked.message, asked.called_at) == (None, NOON + DAY)


# Others' rows, and a few of the salon's: so the planner knows it; then a hundred times as many.
BEFORE = """
INSERT INTO tenant (slug, name, timezone, country)
    SELECT 'other-' || n, 'Other', 'UTC', 'US' FROM generate_series(1, 10) n;
INSERT INTO customer (tenant_id, first_name, last_name)
    SELECT t.id, 'Ann', 'Becker'
    FROM tenant t, generate_series(1, CASE slug WHEN 'salon' THEN 20 ELSE 100 END) n;
"""
SINCE = """
INSERT INTO customer (tenant_id, first_name, last_name)
    SELECT id, 'Ben', 'Costa' FROM tenant, generate_series(1, 2000) n WHERE slug = 'salon';
"""
ROWS = """
INSERT INTO appointment (tenant_id, customer_id, starts_at, duration_minutes, status, source)
    SELECT tenant_id, id, now() - n * interval '1 day', 60, 'completed', 'staff'
    FROM customer, generate_series(1, 3) n;
INSERT INTO message (tenant_id, customer_id, channel, direction, status, body, sender, recipient)
    SELECT c.tenant_id, c.id, 'sms', 'inbound', 'received', 'Hello', '+1646', '+1415'
    FROM customer c, generate_series(1, 3) n;
INSERT INTO conversation (tenant_id, customer_id, last_message_at, last_message_id, last_channel,
        last_direction, preview, unread_count)
    SELECT tenant_id, customer_id, now(), max(id), 'sms', 'inbound', 'Hi', 0
    FROM message GROUP BY tenant_id, customer_id ON CONFLICT DO NOTHING;
"""


def test_it_reads_what_is_theirs_however_old_the_statistics(
    salon: Business, garage: Business
) -> None:
    owner.run(BEFORE)
    owner.run(ROWS)
    owner.run("VACUUM ANALYZE")
    owner.run(SINCE)
    owner.run(ROWS)
    with tenant_scope(salon.id):
        ((statement, values),) = sent(lambda: history(salon.customer_id))
        explained = plan(statement, values)
    for table in ("appointment", "message", "conversation"):
        assert f"Seq Scan on {table} " not in explained, explained
    assert buffers(explained) <= 120, explained
