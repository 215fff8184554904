"""Puts into the outbox what is due, each in a transaction of its own; or writes down why not."""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import joinedload

from app import live, tasks
from app.channels import CHANNELS
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.message_status import MessageStatus
from app.lib.time.clock import running
from app.models import Customer, Message, Notification, NotificationStatus, Spent, Tenant
from app.notifications import transitions
from app.notifications.causes import Cause, Hindrance
from app.notifications.decision.decide import Arrived, Held, Send, Wait, decide
from app.notifications.forecast.why import LOADS
from app.notifications.limits.unknown_callers import is_stranger
from app.notifications.planning.fallback import tried
from app.notifications.planning.missed_calls import MISSED_CALL
from app.outbox.compose.automatic_message import hand_over
from app.outbox.queue.daily_limit import BILLED
from app.outbox.queue.platform_spending import note
from app.outbox.queue.stop_asked import waits
from app.outbox.settle.dead_letters import take_over
from app.tenancy import tenant_scope, unscoped

# Of a tenant at a time, so that nobody's crowd keeps the others waiting.
EACH = 10
# So long a call goes on; then it rings for what is left, and what people wait for has its turn.
TURN = timedelta(seconds=2)
# With a look every few seconds: a minute or two, in which a database comes back.
MOST_ATTEMPTS = 8
BROKEN = "It was not sent because of a fault of ours. Our operator can see it."

log = structlog.get_logger()


def dispatch(now: datetime) -> int:
    """Decide what is due at that time, for a TURN; how many notifications. Rings for the outbox,
    and for what is left.

    One over which our code breaks stands alone, and is tried again by the next call.
    """
    decided, broken, clock = 0, set[int](), running(now)
    while businesses := _with_something_due(now):
        settled = sum(_take(tenant_id, now, broken) for tenant_id in businesses)
        decided += settled
        if not settled or shutdown.requested():
            break
        if clock() >= now + TURN:
            tasks.enqueue(tasks.Task.DISPATCH)
            break
    return decided


def _with_something_due(now: datetime) -> list[int]:
    due = exists().where(
        Notification.tenant_id == Tenant.id,
        Notification.status == NotificationStatus.PLANNED,
        Notification.due_at <= now,
        _decided(now),
    )
    with unscoped("the dispatcher serves all tenants"):
        query = select(Tenant.id).where(Tenant.paused_at.is_(None), due).order_by(Tenant.id)
        found = list(db.session.scalars(query))
        db.session.rollback()
    return found


def _take(tenant_id: int, now: datetime, broken: set[int]) -> int:
    """A few of the business's; how many were decided."""
    decided = 0
    with tenant_scope(tenant_id):
        for id_ in next_due(now, EACH, broken):
            if not shutdown.requested() and (row := locked(id_, now)):
                decided += _settled(row, now, broken)
        db.session.rollback()
    if decided:
        tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    return decided


def _settled(row: Notification, now: datetime, broken: set[int]) -> bool:
    id_, tenant_id, customer_id = row.id, row.tenant_id, row.customer_id
    try:
        settle(row, now)
        db.session.commit()
    except Exception as error:
        log.error("not_dispatched", notification=id_, fault=place(error))
        db.session.rollback()
        broken.add(id_)
        _broke(id_, now)
        return False
    live.publish(tenant_id, customer_id)
    return True


def next_due(now: datetime, most: int, broken: Collection[int] = ()) -> list[int]:
    """Some of the tenant in scope that are due, by their ids; what broke before comes last, and
    those given as broken do not come."""
    query = select(Notification.id).where(_due(now), Notification.id.not_in(broken))
    ordered = query.order_by(Notification.attempts, Notification.due_at, Notification.id)
    return list(db.session.scalars(ordered.limit(most)))


def locked(id_: int, now: datetime) -> Notification | None:
    """The one, if it is still due and nobody else is at work on it, locked until the transaction
    ends, with all that it is about."""
    query = select(Notification).where(Notification.id == id_, _due(now))
    whole = query.options(*LOADS, joinedload(Notification.tenant))
    # What another did meanwhile is seen, and not what this session has read before.
    fresh = whole.execution_options(populate_existing=True)
    return db.session.scalar(fresh.with_for_update(of=Notification, skip_locked=True))


def _due(now: datetime) -> ColumnElement[bool]:
    planned = Notification.status == NotificationStatus.PLANNED
    return and_(planned, Notification.due_at <= now, _goes_on(), _decided(now))


def _decided(now: datetime) -> ColumnElement[bool]:
    """The condition that no person has to decide first, or that it is too late for that."""
    return or_(~waits(Notification), Notification.useful_until <= now)


def _goes_on() -> ColumnElement[bool]:
    """The condition that its business has not paused, at this very moment."""
    return exists().where(Tenant.id == Notification.tenant_id, Tenant.paused_at.is_(None))


def settle(row: Notification, now: datetime) -> None:
    """Enter its message, or write down why there is none. Only for whoever holds the row's lock,
    and commits."""
    match decide(row, now):
        case Wait(until):
            row.due_at = until
        case Arrived(cause, reason, message):
            transitions.send(row, message, cause, reason, now)
        case Held():
            # They wrote at this very moment: it is no longer due.
            pass
        case Hindrance(cause, reason):
            transitions.skip(row, cause, reason, now)
        case Send() as send:
            enter(row, send, now)


def enter(row: Notification, send: Send, now: datetime) -> None:
    """Give its message to the outbox. Only for whoever holds the row's lock, and commits."""
    customer = db.session.get_one(Customer, row.customer_id)
    failed = _failed(row)
    # It names the message before, in whose place this one goes; of a failed one as «Try again» in
    # the thread does, so that whoever comes second finds the first one's.
    token = f"again-{failed.id}" if failed else f"notification-{row.id}-{row.message_id or 0}"
    if failed:
        # The operator can no longer try it again as well.
        take_over(failed.id)
    reason = _how(row, send)
    _note(row, send, now)
    message = hand_over(
        customer,
        send.route,
        send.wording,
        now,
        send.until,
        token,
        again_of=failed.id if failed else None,
    )
    row.language = send.wording.language
    transitions.send(row, message, Cause.SENT, reason, now)


def _note(row: Notification, send: Send, now: datetime) -> None:
    """Count a text to a caller whom nobody knows, by the business's limit of a day."""
    texted = row.type == MISSED_CALL and send.route.channel.key in BILLED
    if texted and is_stranger(row.customer_id):
        note(Spent.STRANGERS, row.tenant, now)


def _failed(row: Notification) -> Message | None:
    """Its message before this one."""
    before = db.session.get(Message, row.message_id) if row.message_id else None
    return before if before and before.status is MessageStatus.FAILED else None


def _how(row: Notification, send: Send) -> str:
    label = send.route.channel.label
    if undelivered := tried(row):
        other = CHANNELS[undelivered[0].channel].label
        return f"By {label} instead, as {other} did not deliver."
    return f"By {label}."


def _broke(id_: int, now: datetime) -> None:
    """Tried again, and after the most attempts no more."""
    row = Notification.id == id_, Notification.status == NotificationStatus.PLANNED
    tried = update(Notification).where(*row).execution_options(synchronize_session=False)
    db.session.execute(tried.values(attempts=Notification.attempts + 1))
    over = [Notification.id == id_, Notification.attempts >= MOST_ATTEMPTS]
    db.session.execute(transitions.skip_all(over, Cause.FAULT, BROKEN, now))
    db.session.commit()
