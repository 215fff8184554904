"""What is due is found in its order, however many wait and whatever the planner knows of them."""

from flask import Flask

from app.extensions import db
from app.notifications.due_notifications import next_due
from app.tenancy import tenant_scope
from tests.support import owner
from tests.support.beside import Beside
from tests.support.plans import buffers, plan, sent
from tests.support.world import NOON, Business

DUE = """
INSERT INTO notification (tenant_id, customer_id, type, step, due_at, useful_until, status)
    SELECT tenant_id, id, 'review_request', n, '2026-11-18 16:00+00'::timestamptz
        - n * interval '1 s', '2027-01-01', 'planned'
    FROM customer, generate_series(1, 10000) n WHERE tenant_id = {tenant}
"""
TRIED = """
UPDATE notification SET attempts = 1 WHERE tenant_id = {tenant} AND status = 'planned'
    AND due_at = (SELECT min(due_at) FROM notification WHERE status = 'planned')
"""


def test_of_ten_thousand_that_became_due_since_the_last_statistics_a_few_are_read(
    salon: Business, garage: Business
) -> None:
    owner.run(DUE.format(tenant=salon.id))
    owner.run("VACUUM ANALYZE notification")
    owner.run(DUE.format(tenant=garage.id))
    with tenant_scope(garage.id):
        [asked] = sent(lambda: next_due(NOON, 100))
        # Three for each that is taken, and two more where autovacuum was there just now.
        assert buffers(plan(*asked)) < 1_000


def test_what_broke_before_comes_after_all_others(salon: Business) -> None:
    owner.run(DUE.format(tenant=salon.id))
    with tenant_scope(salon.id):
        [first, second] = next_due(NOON, 2)
        db.session.rollback()
    owner.run(TRIED.format(tenant=salon.id))
    with tenant_scope(salon.id):
        assert next_due(NOON, 1) == [second]
        assert next_due(NOON, 20_000)[-1] == first
        assert first not in next_due(NOON, 20_000, broken={first})


def test_dispatchers_side_by_side_get_others_each(app: Flask, salon: Business) -> None:
    owner.run(DUE.format(tenant=salon.id))
    theirs: list[int] = []
    with tenant_scope(salon.id):
        mine = next_due(NOON, 200)
        beside = Beside(app, salon, lambda: theirs.extend(next_due(NOON, 200)))
        beside.start()
        beside.join()
    assert beside.error is None
    assert len(mine) == len(theirs) == 200
    assert not set(mine).intersection(theirs)
