"""What staff read all day costs what a page has, also where the planner knows a business as it was
long ago: a hundredth of what it is."""

from collections.abc import Callable

import pytest

from app.inbox import conversations, failures, thread
from app.inbox.list_views import View
from app.outbox.queue import opt_out
from app.tenancy import tenant_scope
from tests.support import listed, owner
from tests.support.plans import buffers, plan, sent
from tests.support.world import NOON, Business

# Others' rows, and a few of the salon's: so the planner knows it.
BEFORE = """
INSERT INTO tenant (slug, name, timezone, country)
    SELECT 'other-' || n, 'Other', 'UTC', 'US' FROM generate_series(1, 20) n;
INSERT INTO customer (tenant_id, first_name, last_name)
    SELECT t.id, 'Ann', 'Becker'
    FROM tenant t, generate_series(1, CASE slug WHEN 'salon' THEN 20 ELSE 100 END) n;
"""
# A hundred times as many.
SINCE = """
INSERT INTO customer (tenant_id, first_name, last_name)
    SELECT id, 'Ben', 'Costa' FROM tenant, generate_series(1, 2000) n WHERE slug = 'salon';
"""
TALK = """
INSERT INTO contact_point (tenant_id, customer_id, channel, address)
    SELECT tenant_id, id, 'sms', '+1646' || lpad(id::text, 7, '0') FROM customer
    ON CONFLICT DO NOTHING;
INSERT INTO message (tenant_id, customer_id, channel, direction, status, body, sender, recipient)
    SELECT c.tenant_id, c.id, 'sms', 'inbound', 'received', 'Hello', '+1646', '+1415'
    FROM customer c, generate_series(1, 2) n
    WHERE NOT EXISTS (SELECT FROM conversation t WHERE t.customer_id = c.id);
INSERT INTO conversation (tenant_id, customer_id, last_message_at, last_message_id, last_channel,
        last_direction, preview, unread_count)
    SELECT tenant_id, customer_id, now() - max(id) * interval '1 s', max(id), 'sms', 'inbound',
        'Hi', 0
    FROM message GROUP BY tenant_id, customer_id ON CONFLICT DO NOTHING;
"""
BIG = ("conversation", "customer", "message", "contact_point")
# Of 30 rows, each found by its key, as are all that belong to it.
MOST = 900


@pytest.fixture
def grown(salon: Business, garage: Business) -> Business:
    owner.run(BEFORE)
    owner.run(TALK)
    owner.run("VACUUM ANALYZE")
    owner.run(SINCE)
    owner.run(TALK)
    return salon


def test_hot_statements_read_what_a_page_has_however_old_the_statistics(grown: Business) -> None:
    page = listed.page
    hot: dict[str, Callable[[], object]] = {
        **{
            f"the list {view}": lambda view=view: page(conversations.Filter(view, 1), now=NOON)  # type: ignore[misc]
            for view in View
        },
        "a page further on": lambda: page(
            conversations.Filter(View.OPEN), page(conversations.Filter(), now=NOON).older, now=NOON
        ),
        "a thread": lambda: thread.page(grown.customer_id),
        "an earlier page of it": lambda: thread.page(grown.customer_id, 10**6),
        "who spoke last": lambda: opt_out._SPOKE_LAST.all(customer_id=grown.customer_id),
        "what is lost": lambda: failures.last(grown.customer_id),
    }
    with tenant_scope(grown.id):
        statements = [(name, *each) for name, work in hot.items() for each in sent(work)]
        assert len(statements) >= 18
        for name, statement, values in statements:
            explained = plan(statement, values)
            for table in BIG:
                assert f"Seq Scan on {table} " not in explained, f"{name}: {explained}"
            assert buffers(explained) <= MOST, f"{name}: {explained}"
