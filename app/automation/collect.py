"""Finds what happened and nobody told: messages and calls that came in, and messages that failed.

Their own statements know nothing of it, so that no webhook waits for rules. Each is found once
(the key of its event names the row). What was recovered late, and what programs send, is left out.
"""

from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Insert,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.automation.texting.text_limits import BY_RULE
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    AutomationEvent,
    AutomationRun,
    Call,
    Direction,
    EventType,
    Message,
    Origin,
    ReceivedEmail,
)
from app.replies.read import to_be_read
from app.tenancy import unscoped

LOOK_BACK = timedelta(days=1)
# An answer to a reminder is read first, so that rules see what came of it; but not waited for.
PATIENCE = timedelta(minutes=1)
COLUMNS = (
    AutomationEvent.tenant_id,
    AutomationEvent.type,
    AutomationEvent.customer_id,
    AutomationEvent.message_id,
    AutomationEvent.call_id,
    AutomationEvent.found_in,
    AutomationEvent.origin,
    AutomationEvent.cause_id,
    AutomationEvent.depth,
    AutomationEvent.at,
    AutomationEvent.due_at,
)


def collect(now: datetime) -> int:
    """Write an event for each that has none, of all tenants, committed; how many. The cost grows
    with what came in within LOOK_BACK."""
    found = 0
    with unscoped("what happened to all tenants is found in one look"):
        for rows in (_received(now), _missed(now), _failed(now)):
            found += len(db.session.scalars(_events(rows)).all())
            db.session.commit()
    return found


def _events(rows: Select[*tuple[object, ...]]) -> Insert:
    written = insert(AutomationEvent).from_select([each.key for each in COLUMNS], rows)
    return written.on_conflict_do_nothing().returning(AutomationEvent.id)
