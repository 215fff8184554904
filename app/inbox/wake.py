"""Conversations whose snooze is over come back into the inbox."""

from datetime import datetime

from app import live
from app.extensions import db
from app.inbox import conversation_log
from app.inbox import conversation_transitions as transitions
from app.models import Conversation
from app.tenancy import key_of, unscoped

# So many in one transaction; webhooks of those wait for it.
BATCH = 200


def wake(now: datetime) -> int:
    """Wake those whose time has come, of all tenants, and tell their open pages; how many. The list
    shows them from that time on by itself."""
    total = 0
    while found := _some(now):
        for tenant_id, customer_id in found:
            live.publish(tenant_id, customer_id)
        total += len(found)
    return total


def _some(now: datetime) -> list[tuple[int, int]]:
    """(tenant, customer) of each that woke. Committed."""
    with unscoped("conversations of all tenants wake with time"):
        due = list(db.session.scalars(transitions.due(now, BATCH)))
        woken = [(row.tenant_id, row.customer_id) for row in due]
        # One that the customer has written in was open already.
        asleep = [(row.tenant_id, row.customer_id) for row in due if row.waiting_since is None]
        these = key_of(Conversation).in_([(row.tenant_id, row.id) for row in due])
        db.session.execute(transitions.wake(these, now))
        conversation_log.woke(asleep, now)
        db.session.commit()
    return woken
