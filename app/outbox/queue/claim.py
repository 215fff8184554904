"""Claims rows of the outbox under a lease (SKIP LOCKED): until it ends nobody else sends them."""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Integer, Update, select, tuple_
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Message
from app.outbox import transitions
from app.outbox.queue.due import EACH, Due, due
from app.outbox.queue.platform_spending import spend
from app.outbox.queue.rate_limit import charged
from app.outbox.queue.value_rows import rows_of
from app.outbox.sender import account_sid, service_sid
from app.tenancy import key_of, unscoped

# Longer than the provider's timeouts together, so that an expired lease means a dead sender.
LEASE = timedelta(seconds=60)
TRIES = 5


def claim(now: datetime, most: int, busy: Collection[int] = ()) -> list[Message]:
    """Take up to so many messages that may leave, committed; whoever else looks skips them.

    Of messages that a listing at the carrier could not tell apart, one at a time is taken; of
    tenants that are busy, none.
    """
    for _ in range(TRIES):
        try:
            return _claim(now, most, busy)
        except IntegrityError:
            # Somebody took a duplicate at this very moment: look again without it.
            db.session.rollback()
    return []


def _claim(now: datetime, most: int, busy: Collection[int]) -> list[Message]:
    with unscoped("the outbox is one for all tenants"):
        chosen = spend(_few_of_each(due(now, most, busy, locked=True)), now)
    if not chosen:
        db.session.commit()
        return []
    cost = charged([(row.channel, row.sender, row.segments, row.tenant_id) for row in chosen], now)
    ids = [row.id for row in chosen]
    these = rows_of([(row.tenant_id, row.id) for row in chosen], tenant_id=Integer, id=BigInteger)
    still = select(*key_of(Message)).join(these, key_of(Message) == tuple_(*these.c))
    still = still.where(Message.status == MessageStatus.QUEUED)
    free = key_of(Message).in_(still.with_for_update(of=Message, skip_locked=True))
    taken = take(transitions.claim([free], now, account_sid(), service_sid()).add_cte(cost), now)
    return sorted(taken, key=lambda each: ids.index(each.id))


def _few_of_each(rows: Sequence[Due]) -> list[Due]:
    """Those rows, and of a tenant with many numbers only the first."""
    seen: Counter[int] = Counter()
    chosen = []
    for row in rows:
        seen[row.tenant_id] += 1
        if seen[row.tenant_id] <= EACH:
            chosen.append(row)
    return chosen


def take(change: Update, now: datetime) -> list[Message]:
    """Put what it changes under a lease of ours, committed; the messages come back detached."""
    leased = change.values(claim=uuid.uuid4(), lease_until=now + LEASE).returning(Message)
    taken = leased.execution_options(synchronize_session=False)
    with unscoped("the outbox is one for all tenants"):
        messages = list(db.session.scalars(taken))
        db.session.expunge_all()
        db.session.commit()
    return messages
