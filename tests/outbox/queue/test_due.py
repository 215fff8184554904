"""Whose turn it is costs what is taken, whatever waits. The turns: test_rate_limit.py."""

from app.outbox.queue.due import due
from app.tenancy import unscoped
from tests.outbox.queue.test_rate_limit import crowd
from tests.support import owner
from tests.support.plans import buffers, plan, sent
from tests.support.world import NOON, Business

# The planner knows many messages of which none waits, as nothing mostly does.
ALL_WELL = """
INSERT INTO message (tenant_id, customer_id, channel, direction, status, body, sender, recipient)
    SELECT tenant_id, id, 'sms', 'inbound', 'received', 'Hello', '+1646', '+1415'
    FROM customer, generate_series(1, 2000) n
"""


def test_ten_thousand_that_begin_to_wait_are_not_looked_through_for_each_of_them(
    salon: Business, garage: Business
) -> None:
    owner.run(ALL_WELL)
    owner.run("VACUUM ANALYZE")
    crowd(garage, 10_000)
    with unscoped("tests"):
        [claimed] = sent(lambda: due(NOON, 8))
        assert buffers(plan(*claimed)) < 20 * 10_000
