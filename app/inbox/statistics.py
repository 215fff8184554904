"""How many messages there are, from sharded counters; app/reports has all else that is counted."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Date, Select, any_, func, select

from app.channels import CHANNELS
from app.extensions import db
from app.lib.time.clock import local_day
from app.models import Message, MessageCount, Tenant
from app.models.message_count import ALL_DAYS
from app.prepared import Prepared, given
from app.tenancy import current_tenant_id


@dataclass(frozen=True)
class Statistics:
    total: int
    today: int
    by_channel: dict[str, int]


_COUNTS = Prepared(
    lambda *row: row,
    select(MessageCount.day, MessageCount.channel, func.sum(MessageCount.messages))
    .where(MessageCount.day == any_(given("days", ARRAY(Date))))
    .group_by(MessageCount.day, MessageCount.channel),
)


def statistics(today: date) -> Statistics:
    """Messages altogether, on the tenant's today, and per channel (of all days)."""
    found = _COUNTS.all(days=[ALL_DAYS, today])
    counts = {(day, channel): int(n) for day, channel, n in found}
    by_channel = {key: counts.get((ALL_DAYS, key), 0) for key in CHANNELS}
    return Statistics(
        total=sum(by_channel.values()),
        today=sum(n for (day, _), n in counts.items() if day == today),
        by_channel=by_channel,
    )


class OfDay(NamedTuple):
    """So many messages on one of the tenant's days."""

    day: date
    channel: str
    direction: str
    messages: int


def by_day(first: date, last: date) -> list[OfDay]:
    """From the first day to the last, as they were counted; what came to none is not in it."""
    total = func.sum(MessageCount.messages)
    key = MessageCount.day, MessageCount.channel, MessageCount.direction
    query: Select[*tuple[Any, ...]] = select(*key, total).group_by(*key).having(total != 0)
    found = query.where(MessageCount.day.between(first, last)).order_by(*key)
    return [OfDay(*row) for row in db.session.execute(found)]


def forget(customer_id: int) -> None:
    """Take a customer's messages out of the counters, in the transaction that deletes them. Only
    for whoever holds the customer (app/customers/lock_customer.py).

    The conversation comes before the counters, as in receive.sql: one order, no deadlock.
    """
    timezone = db.session.get_one(Tenant, current_tenant_id()).timezone
    told = select(Message.channel, Message.direction, Message.created_at)
    # The day as it was counted: PostgreSQL has zones of its own, and may know other ones.
    days = Counter(
        (channel, direction, local_day(at, timezone))
        for channel, direction, at in db.session.execute(
            told.where(Message.customer_id == customer_id)
        )
    )
    for (channel, direction, day), messages in sorted(days.items()):
        db.session.execute(MessageCount.add(day, channel, direction, -messages))
