"""Ends what waits and must not be sent."""

from typing import Any

from sqlalchemy import ColumnElement

from app import live
from app.extensions import db
from app.models import Message
from app.outbox import transitions
from app.tenancy import unscoped


def fail_waiting(why: Any, *which: ColumnElement[bool]) -> int:
    """Let those of all businesses' waiting messages that meet the conditions have failed, for that
    reason (a text, or an expression that gives it), committed and told; how many."""
    failed = transitions.expire(which, why).returning(Message.tenant_id, Message.customer_id)
    with unscoped("the outbox is one for all tenants"):
        rows = db.session.execute(failed).all()
        db.session.commit()
    for tenant_id, customer_id in {(row.tenant_id, row.customer_id) for row in rows}:
        live.publish(tenant_id, customer_id)
    return len(rows)
