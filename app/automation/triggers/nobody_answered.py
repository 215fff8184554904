"""The customer wrote, and staff have not written back for so long."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from app.automation import business_hours
from app.automation.choices import fixed
from app.automation.rule_part import Gap, Options, Trigger
from app.automation.snapshot import Snapshot
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Direction, EventType, Message

WROTE_AGAIN = "They have written again, and that is waited for instead."
ANSWERED = "Somebody answered."


def due(at: datetime, options: Options) -> datetime | None:
    """As long as it has not said when it is open, a business is taken to be so at all times."""
    wait = timedelta(minutes=int(options["minutes"]))
    hours = business_hours.of_tenant() if options["counted"] == "open" else None
    return hours.after(at, wait) if hours else at + wait


def void(seen: Snapshot, now: datetime) -> str:
    """What was said since the message; nothing of what goes out by itself."""
    if seen.message is None:
        return "The message is gone."
    # What goes out by itself has an end to its use.
    by_hand = Message.not_after.is_(None) & (Message.status != MessageStatus.CANCELLED)
    query = (
        select(Message.direction)
        .where(Message.customer_id == seen.customer.id, Message.id > seen.message.id)
        .where(Message.created_at <= now, Message.created_at >= seen.message.created_at)
        .where(or_(Message.direction == Direction.INBOUND, by_hand))
        .order_by(Message.id)
        .limit(1)
    )
    said = db.session.scalar(query)
    if said is None:
        return ""
    return WROTE_AGAIN if said == Direction.INBOUND else ANSWERED


PART = Trigger(
    key="nobody_answered",
    order=20,
    sentence="nobody answers a customer for {minutes} minutes {counted}",
    gaps=(
        Gap(key="minutes", kind="number", label="Minutes", default=30, least=1, most=10_080),
        Gap(
            key="counted",
            kind="choice",
            label="How the minutes count",
            default="all",
            choices=fixed(("all", "by the clock"), ("open", "of opening time")),
        ),
    ),
    events=frozenset({EventType.MESSAGE_RECEIVED}),
    due=due,
    void=void,
)
