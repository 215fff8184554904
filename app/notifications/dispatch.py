"""The dispatcher: puts what is due into the outbox, in batches; or notes why not."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import exists, select, update

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
from app.notifications.decision.decide import Arrived, Held, Send, Verdict, Wait, decide
from app.notifications.decision.joined import JOINED, companies, company, decide_together
from app.notifications.decision.preload import deciding
from app.notifications.due_notifications import decided, due, locked, locked_all, locking, next_due
from app.notifications.limits.unknown_callers import is_stranger
from app.notifications.planning.fallback import tried
from app.notifications.planning.missed_calls import MISSED_CALL
from app.outbox.compose.automatic_message import composed
from app.outbox.compose.ledger import enter_automatic
from app.outbox.queue.daily_limit import BILLED
from app.outbox.queue.platform_spending import note
from app.outbox.settle.dead_letters import take_over
from app.tenancy import current_tenant_id, tenant_scope, unscoped

# Of a tenant at a time, so that nobody's crowd keeps the others waiting.
EACH = 200
# So long a call goes on; then it is enqueued for what is left, behind what people wait for.
TIME_SLICE = timedelta(seconds=2)
# With a look every few seconds: a minute or two, in which a database comes back.
MOST_ATTEMPTS = 8
# What goes another time, and what a limit counts from one to the next, goes one by one.
ALONE = Notification.message_id.is_not(None) | (Notification.type == MISSED_CALL)
BROKEN = "It was not sent because of a fault of ours. Our operator can see it."

log = structlog.get_logger()


def dispatch(now: datetime) -> int:
    """Decide what is due at that time, for a TIME_SLICE; how many notifications. Enqueues the
    outbox, and what is left.

    One over which our code breaks stands alone, and is tried again by the next call.
    """
    done, broken, clock = 0, set[int](), running(now)
    while businesses := _with_something_due(now):
        settled = sum(_take(tenant_id, now, broken) for tenant_id in businesses)
        done += settled
        if not settled or shutdown.requested():
            break
        if clock() >= now + TIME_SLICE:
            tasks.enqueue(tasks.Task.DISPATCH)
            break
    return done


def _with_something_due(now: datetime) -> list[int]:
    due = exists().where(
        Notification.tenant_id == Tenant.id,
        Notification.status == NotificationStatus.PLANNED,
        Notification.due_at <= now,
        decided(now),
    )
    with unscoped("the dispatcher serves all tenants"):
        query = select(Tenant.id).where(Tenant.paused_at.is_(None), due).order_by(Tenant.id)
        found = list(db.session.scalars(query))
        db.session.rollback()
    return found


def _take(tenant_id: int, now: datetime, broken: set[int]) -> int:
    """A few of the business's; how many were decided."""
    with tenant_scope(tenant_id):
        ids = next_due(now, EACH, broken)
        together = _together(ids, now)
        done = len(together)
        for id_ in ids:
            if id_ not in together and not shutdown.requested() and (row := locked(id_, now)):
                done += _settled(row, now, broken)
        db.session.rollback()
    if done:
        tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    return done


def _together(ids: list[int], now: datetime) -> set[int]:
    """Those of them that a batch has settled: none where our code breaks over one, as each then
    stands alone."""
    try:
        return settled_together(ids, now) if len(ids) > 1 else set()
    except Exception as error:
        log.error("batch_not_dispatched", fault=place(error))
        db.session.rollback()
        return set()


def _settled(row: Notification, now: datetime, broken: set[int]) -> bool:
    id_, tenant_id, customer_id = row.id, row.tenant_id, row.customer_id
    # Where it broke, it may be for the others' sake; what failed together goes so.
    alone = row.attempts and not row.message_id
    try:
        others = [] if alone else locked_all(company(row))
        if others is None:
            # Somebody is at work on one of them: soon they all go.
            db.session.rollback()
            tasks.enqueue(tasks.Task.DISPATCH)
            return False
        settle([(row, decide_together(row, now, others))], now)
        db.session.commit()
    except Exception as error:
        log.error("not_dispatched", notification=id_, fault=place(error))
        db.session.rollback()
        broken.add(id_)
        _broke(id_, now)
        return False
    live.publish(tenant_id, customer_id)
    return True


def settled_together(ids: Collection[int], now: datetime) -> set[int]:
    """Settle them in one transaction, and commit; the ids of those that were. The others are to be
    settled one by one: what goes ALONE, or to somebody who is sent another of them, as what is
    decided on together knows nothing of one another; and what has company.

    Whatever breaks over one of them is raised, and then nothing of it was done.
    """
    mine = locking(Notification.id.in_(ids), ~ALONE, due(now))
    found = db.session.scalars(mine.order_by(Notification.due_at.desc(), Notification.id.desc()))
    # Of each customer the first.
    each = {row.customer_id: row for row in found}
    joined = companies(list(each.values()))
    rows = [row for row in each.values() if row.id not in joined]
    with deciding(rows, now):
        verdicts = [(row, decide(row, now)) for row in rows]
    settle(verdicts, now)
    done, customers = {row.id for row in rows}, [row.customer_id for row in rows]
    db.session.commit()
    if customers:
        live.publish(current_tenant_id(), *customers)
    return done


def settle(verdicts: Sequence[tuple[Notification, Verdict]], now: datetime) -> None:
    """Enter their messages, or write down why there is none. Only for whoever holds the rows'
    locks, and commits."""
    enter([(row, verdict) for row, verdict in verdicts if isinstance(verdict, Send)], now)
    for row, verdict in verdicts:
        match verdict:
            case Wait(until):
                row.due_at = until
            case Arrived(cause, reason, message):
                transitions.send(row, message, cause, reason, now)
            case Send() | Held():
                # Held: they wrote at this very moment, and it is no longer due.
                pass
            case Hindrance(cause, reason):
                transitions.skip(row, cause, reason, now)


def enter(sends: Sequence[tuple[Notification, Send]], now: datetime) -> None:
    """Give their messages to the outbox, of all that they tell of. Only for whoever holds the rows'
    locks, and commits."""
    if not sends:
        return
    messages = [_message(row, send, now) for row, send in sends]
    reasons = [_how(row, send) for row, send in sends]
    for row, send in sends:
        _note(row, send, now)
    enter_automatic(messages)
    for (row, send), message, reason in zip(sends, messages, reasons, strict=True):
        for each in send.rows or (row,):
            each.language = send.wording.language
            transitions.send(each, message, Cause.SENT, reason, now)


def _message(row: Notification, send: Send, now: datetime) -> Message:
    customer = db.session.get_one(Customer, row.customer_id)
    failed = _failed(row)
    # It names the message before, in whose place this one goes; of a failed one as «Try again» in
    # the thread does, so that whoever comes second finds the first one's.
    token = f"again-{failed.id}" if failed else f"notification-{row.id}-{row.message_id or 0}"
    if failed:
        # The operator can no longer try it again as well.
        take_over(failed.id)
    again_of = failed.id if failed else None
    return composed(customer, send.route, send.wording, now, send.until, token, again_of)


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
    if send.rows:
        return f"By {label}, {JOINED}."
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
