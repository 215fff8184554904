"""Among some thousands of rows, row-level security takes no index from what is asked all day."""

import re

import pytest
from sqlalchemy import text

from app.extensions import db
from app.inbox import conversations, thread
from app.row_security.roles import TENANT
from app.tenancy import tenant_scope
from tests.support import listed, owner
from tests.support.plans import plan, sent
from tests.support.world import NOON, Business

OTHERS = """
INSERT INTO tenant (slug, name, timezone, country)
    SELECT 'other-' || n, 'Other', 'UTC', 'US' FROM generate_series(1, 20) n;
INSERT INTO customer (tenant_id, first_name, last_name)
    SELECT t.id, 'Ann' || md5(n::text), 'Becker'
    FROM tenant t, generate_series(1, CASE slug WHEN 'salon' THEN 3000 ELSE 200 END) n;
INSERT INTO message (tenant_id, customer_id, channel, direction, status, body, sender, recipient)
    SELECT tenant_id, id, 'sms', 'inbound', 'received', 'Hello', '+1646', '+1415'
    FROM customer, generate_series(1, 3) n;
INSERT INTO conversation (tenant_id, customer_id, last_message_at, last_message_id, last_channel,
        last_direction, preview, unread_count)
    SELECT tenant_id, customer_id, now() - max(id) * interval '1 s', max(id), 'sms', 'inbound',
        'Hi', 0
    FROM message GROUP BY tenant_id, customer_id ON CONFLICT DO NOTHING;
"""


@pytest.fixture
def crowded(salon: Business, garage: Business) -> Business:
    owner.run(OTHERS)
    owner.run("VACUUM ANALYZE")
    return salon


def test_list_and_thread_keep_their_indexes(crowded: Business) -> None:
    asked = {
        "ix_conversation_inbox": lambda: listed.page(conversations.Filter(), now=NOON),
        "ix_message_thread": lambda: thread.page(crowded.customer_id),
    }
    with tenant_scope(crowded.id):
        for index, work in asked.items():
            assert db.session.execute(text("SELECT current_user")).scalar_one() == TENANT
            found = plan(*sent(work)[0])
            assert index in found, found
            assert "current_setting" in found, "the policy is asked"
            for table in ("conversation", "message", "customer"):
                assert not re.search(rf"Seq Scan on {table}\b", found), found
