"""Ends what waits and must not be sent."""

from typing import Any

from sqlalchemy import ColumnElement

from app.extensions import db
from app.models import Message
from app.outbox import transitions
from app.tenancy import unscoped


def fail_waiting(why: Any, *which: ColumnElement[bool]) -> int:
    """Let those of all businesses' waiting messages that meet the conditions have failed, for that
    reason (a text, or an expression that gives it), committed; how many."""
    failed = transitions.expire(which, why).returning(Message.id)
    with unscoped("the outbox is one for all tenants"):
        ids = db.session.scalars(failed).all()
        db.session.commit()
    return len(ids)
