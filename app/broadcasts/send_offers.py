"""Lets broadcasts go out: writes down their recipients, and puts a few messages at a time into the
outbox, so that whatever else a number has to send waits for moments.

A batch is one transaction under the broadcast's lock: its messages, what was decided of each
recipient, and how far it is. Whoever is killed leaves nothing half done, and nothing is done twice.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app import live, tasks
from app.broadcasts import transitions
from app.broadcasts.audience import Cause, addresses, verdict
from app.broadcasts.offer_text import content
from app.channels import CHANNELS
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.message_status import MessageStatus
from app.lib.time.clock import running, wall_time
from app.models import (
    Broadcast,
    BroadcastRecipient,
    BroadcastStatus,
    Customer,
    Message,
    Tenant,
)
from app.notifications.content.liquid import BadTemplate
from app.notifications.settings import quiet_hours
from app.outbox.compose.automatic_message import composed
from app.outbox.compose.delivery_route import route_to
from app.outbox.compose.ledger import enter_automatic
from app.outbox.offers import OFFER
from app.outbox.queue.expiry import UNTRIED
from app.outbox.refused import Refused
from app.segments.segment_filters import conditions
from app.tenancy import current_tenant_id, tenant_scope, unscoped

# So many wait in the outbox at a time: what comes after them waits for no more.
WINDOW = 30
LISTED_AT_ONCE = 500
TIME_SLICE = timedelta(seconds=5)
# What has not left by then is decided on anew.
LONGEST_WAIT = timedelta(hours=12)
UNSENT = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.CHECKING)

log = structlog.get_logger()


def send(now: datetime) -> int:
    """A batch of each broadcast in turn, for a TIME_SLICE; how many customers were written down or
    decided on. Enqueues what is left."""
    done, broken, clock = 0, set[int](), running(now)
    while not shutdown.requested():
        moved = sum(
            _advanced(*each, now, broken) for each in _under_way(now) if each[1] not in broken
        )
        done += moved
        if not moved:
            break
        if clock() >= now + TIME_SLICE:
            tasks.enqueue(tasks.Task.SEND_OFFERS)
            break
    return done


def _under_way(now: datetime) -> list[tuple[int, int]]:
    query = (
        select(Broadcast.tenant_id, Broadcast.id)
        .join(Tenant, Tenant.id == Broadcast.tenant_id)
        .where(Broadcast.status == BroadcastStatus.RUNNING, Broadcast.start_at <= now)
        .where(Tenant.paused_at.is_(None))
        .order_by(Broadcast.start_at, Broadcast.id)
    )
    with unscoped("broadcasts of all tenants go out in turn"):
        found = [(row.tenant_id, row.id) for row in db.session.execute(query)]
        db.session.rollback()
    return found


def _advanced(tenant_id: int, broadcast_id: int, now: datetime, broken: set[int]) -> int:
    with tenant_scope(tenant_id):
        try:
            moved = _advance(broadcast_id, now)
        except Exception as error:
            log.error("broadcast_fault", broadcast=broadcast_id, fault=place(error))
            db.session.rollback()
            broken.add(broadcast_id)
            moved = 0
    db.session.remove()
    return moved


def _advance(broadcast_id: int, now: datetime) -> int:
    broadcast = _held(broadcast_id)
    if broadcast is None:
        db.session.rollback()
        return 0
    if broadcast.listed_at is None:
        moved, told = _list(broadcast, now), list[int]()
    else:
        _give_back_untried(broadcast, now)
        moved, told = _decide_some(broadcast, now)
    db.session.commit()
    if told:
        tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
        live.publish(current_tenant_id(), *told)
    return moved


def _held(broadcast_id: int) -> Broadcast | None:
    """Ours until the transaction ends; None: somebody else has it, or it is not under way."""
    mine = Broadcast.id == broadcast_id, Broadcast.status == BroadcastStatus.RUNNING
    held = select(Broadcast).where(*mine).with_for_update(skip_locked=True)
    return db.session.scalar(held.execution_options(populate_existing=True))


def _list(broadcast: Broadcast, now: datetime) -> int:
    """Write down the next of the segment; whoever is there already stays once."""
    whom = conditions(dict(broadcast.filters or {}), now)
    some = select(Customer.id).where(*whom, Customer.id > broadcast.listed_to)
    ids = db.session.scalars(some.order_by(Customer.id).limit(LISTED_AT_ONCE)).all()
    if ids:
        tenant_id = current_tenant_id()
        rows = [
            {"tenant_id": tenant_id, "broadcast_id": broadcast.id, "customer_id": i} for i in ids
        ]
        db.session.execute(insert(BroadcastRecipient).values(rows).on_conflict_do_nothing())
        broadcast.listed_to = ids[-1]
    if len(ids) < LISTED_AT_ONCE:
        broadcast.listed_at = now
    # That it is written down is something done, also of nobody.
    return len(ids) or 1


def _give_back_untried(broadcast: Broadcast, now: datetime) -> None:
    """What waited in the outbox until it was too late (in the night, at a day's limit) is decided
    on anew: nobody has tried to send it. Staff who try it again themselves have dealt with it."""
    mine = BroadcastRecipient.broadcast_id == broadcast.id, BroadcastRecipient.cause == Cause.SENT
    ids = select(BroadcastRecipient.message_id).where(*mine)
    late = update(Message).where(
        Message.id.in_(ids),
        Message.status == MessageStatus.FAILED,
        Message.attempts == 0,
        Message.error.in_(UNTRIED),
        ~Message.dealt_with,
    )
    taken = late.values(dealt_with=True).returning(Message.id)
    given = db.session.scalars(taken.execution_options(synchronize_session=False)).all()
    if given:
        anew = update(BroadcastRecipient).where(BroadcastRecipient.message_id.in_(given))
        values = {"decided_at": None, "cause": "", "reason": "", "message_id": None}
        anew = anew.values(**values, round=BroadcastRecipient.round + 1)
        db.session.execute(anew.execution_options(synchronize_session=False))


def _decide_some(broadcast: Broadcast, now: datetime) -> tuple[int, list[int]]:
    """How many recipients were settled or put off, and who is sent something."""
    waiting = _unsent(broadcast)
    room = min(WINDOW - waiting, _left_today(broadcast, now))
    rows = _next(broadcast, now, room) if room > 0 else []
    told = _settle(broadcast, rows, now) if rows else []
    if not rows and not waiting and _nobody_left(broadcast):
        transitions.finish(broadcast.id, now)
    return len(rows), told


def _unsent(broadcast: Broadcast) -> int:
    """How many of its messages have not left."""
    query = (
        select(func.count())
        .select_from(BroadcastRecipient)
        .join(Message, Message.id == BroadcastRecipient.message_id)
        .where(BroadcastRecipient.broadcast_id == broadcast.id, Message.status.in_(UNSENT))
    )
    return db.session.scalar(query) or 0


def _left_today(broadcast: Broadcast, now: datetime) -> int:
    """How many more may be sent on the business's day."""
    if broadcast.a_day is None:
        return WINDOW
    tenant = db.session.get_one(Tenant, current_tenant_id())
    began = wall_time(now, tenant.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    since = BroadcastRecipient.decided_at >= began.astimezone(UTC)
    mine = BroadcastRecipient.broadcast_id == broadcast.id, BroadcastRecipient.cause == Cause.SENT
    return broadcast.a_day - (db.session.scalar(select(func.count()).where(*mine, since)) or 0)


def _nobody_left(broadcast: Broadcast) -> bool:
    mine = BroadcastRecipient.broadcast_id == broadcast.id
    left = select(BroadcastRecipient.id).where(mine, BroadcastRecipient.decided_at.is_(None))
    return db.session.scalar(left.limit(1)) is None


def _next(broadcast: Broadcast, now: datetime, most: int) -> Sequence[BroadcastRecipient]:
    due = or_(BroadcastRecipient.due_at.is_(None), BroadcastRecipient.due_at <= now)
    some = (
        select(BroadcastRecipient)
        .where(BroadcastRecipient.broadcast_id == broadcast.id, due)
        .where(BroadcastRecipient.decided_at.is_(None))
        .order_by(BroadcastRecipient.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return db.session.scalars(some).all()


class Deciding(NamedTuple):
    """What is asked about a batch at once."""

    broadcast: Broadcast
    tenant: Tenant
    customers: Mapping[int, Customer]
    verdicts: Mapping[int, str]
    addresses: Mapping[int, str]


def _settle(broadcast: Broadcast, rows: Sequence[BroadcastRecipient], now: datetime) -> list[int]:
    """Decide on each; whose messages were entered."""
    about = _asked(broadcast, [row.customer_id for row in rows], now)
    messages = [(row, message) for row in rows if (message := _decide(row, about, now))]
    if messages:
        enter_automatic([message for _, message in messages])
    for row, message in messages:
        row.decided_at, row.cause, row.message_id = now, Cause.SENT, message.id
    return [row.customer_id for row, _ in messages]


def _asked(broadcast: Broadcast, ids: list[int], now: datetime) -> Deciding:
    customers = db.session.scalars(select(Customer).where(Customer.id.in_(ids)))
    each = select(Customer.id, verdict(broadcast, now)).where(Customer.id.in_(ids))
    return Deciding(
        broadcast,
        db.session.get_one(Tenant, current_tenant_id()),
        {customer.id: customer for customer in customers},
        {row[0]: row[1] for row in db.session.execute(each)},
        addresses(broadcast.channel, ids),
    )


def _decide(row: BroadcastRecipient, about: Deciding, now: datetime) -> Message | None:
    """Its message, still to be entered; None: it is left out, or put off until quiet hours end."""
    cause = about.verdicts.get(row.customer_id, Cause.GONE)
    if cause != Cause.SENT:
        _leave_out(row, cause, "", now)
        return None
    customer = about.customers[row.customer_id]
    quiet = quiet_hours(about.tenant, customer)
    if quiet and quiet.holds(now):
        row.due_at = quiet.over(now)
        return None
    until = now + LONGEST_WAIT
    until = min(until, quiet.begins_next(now)) if quiet else until
    try:
        return _message(row, customer, about, now, until)
    except (Refused, BadTemplate) as refused:
        _leave_out(row, Cause.REFUSED, str(refused), now)
        return None


def _leave_out(row: BroadcastRecipient, cause: str, reason: str, now: datetime) -> None:
    row.decided_at, row.cause, row.reason = now, cause, reason


def _message(
    row: BroadcastRecipient, customer: Customer, about: Deciding, now: datetime, until: datetime
) -> Message:
    channel = CHANNELS[about.broadcast.channel]
    route = route_to(about.addresses[customer.id], about.tenant, channel)
    said = content(about.broadcast, customer, about.tenant)
    token = f"{OFFER}{row.id}-{row.round}"
    return composed(customer, route, said, now, until, token)
