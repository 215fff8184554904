"""Disk is given back: rows move to the front of their table, and its file gets shorter."""

import pytest
from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import Message
from app.retention import compact
from app.retention.pace import Pace
from app.tenancy import unscoped
from tests.support import owner
from tests.support.world import Business

FILL = """
INSERT INTO message (tenant_id, customer_id, channel, direction, status, body, sender, recipient)
SELECT {tenant}, {customer}, 'sms', 'inbound', 'received', repeat('How are you? ', 20), '+1', '+1'
FROM generate_series(1, 3000);
DELETE FROM message WHERE id % 5 <> 0 AND body LIKE 'How are you?%'
"""


def test_a_table_gets_shorter_and_its_rows_stay_what_they_were(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compact, "TABLES", {"message": compact.TABLES["message"]})
    owner.run(FILL.format(tenant=salon.id, customer=salon.customer_id))
    rows = select(Message.id, Message.tenant_id, Message.body).order_by(Message.id)
    with unscoped("a test"):
        before = db.session.execute(rows).all()
        db.session.rollback()
        pace = Pace(fewest=1)
        # One, or each of its parts.
        done = max(compact.compact(pace), key=lambda each: each.before)
        assert db.session.execute(rows).all() == before
        db.session.rollback()
    assert "message" in done.table and done.after < 0.5 * done.before


def test_the_command_tells_what_was_given_back(salon: Business) -> None:
    told = current_app.test_cli_runner().invoke(args=["database", "compact"])
    assert told.exit_code == 0, told.output
    assert "message" in told.output and "no lock held for longer than" in told.output
