"""Judges what happened: each event once, in a transaction of its own, which does what rules say."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from app import live, tasks
from app.automation.judging.judgement import judge_event, judge_run
from app.automation.rule_part import Doer
from app.automation.webhooks.claim_deliveries import due
from app.extensions import db
from app.lib import shutdown
from app.models import AutomationEvent, AutomationRule, AutomationRun, EventType, Message, RunStatus
from app.notifications.planning.round_robin import round_robin
from app.replies.read import alone_with, to_be_read
from app.rows.chosen_once import chosen_once
from app.tenancy import current_tenant_id, key_of, unscoped

# As for the dispatcher: behind what people wait for.
TIME_SLICE = timedelta(seconds=2)
# An answer to a reminder is read first, so that rules see what came of it; but not waited for.
PATIENCE = timedelta(minutes=1)
# What could not be judged for so long is not judged any more.
OF_INTEREST = timedelta(days=1)
# So many events at a time that nobody listens to are done with.
MOST = 10_000

Row = TypeVar("Row", AutomationEvent, AutomationRun)


def judge(now: datetime) -> int:
    """Judge all events that are due, and the runs whose time has come, for a time slice each; how
    many. Enqueues what is left, what the rules made, and the webhooks that are due.

    The businesses take turns. What breaks stands alone, and is tried again by the next call.
    """
    _pass_over(now)
    busy = set[int]()
    events = round_robin(
        AutomationEvent,
        and_(AutomationEvent.judged_at.is_(None), AutomationEvent.due_at <= now, ~_unread(now)),
        AutomationEvent.due_at,
        lambda id_: _take(AutomationEvent, id_, lambda event: judge_event(event, now), busy),
        now,
        TIME_SLICE,
        tasks.Task.JUDGE,
    )
    runs = round_robin(
        AutomationRun,
        and_(AutomationRun.status == RunStatus.WAITING, AutomationRun.due_at <= now),
        AutomationRun.due_at,
        lambda id_: _take(AutomationRun, id_, lambda run: judge_run(run, now), busy),
        now,
        TIME_SLICE,
        tasks.Task.JUDGE,
    )
    if due(now):
        tasks.enqueue(tasks.Task.SEND_WEBHOOKS)
    return events + runs


def _unread(now: datetime) -> ColumnElement[bool]:
    """The condition that the event's message may be an answer to a reminder."""
    unread = exists().where(
        Message.tenant_id == AutomationEvent.tenant_id,
        Message.id == AutomationEvent.message_id,
        to_be_read(),
    )
    received = AutomationEvent.type == EventType.MESSAGE_RECEIVED
    return and_(received, AutomationEvent.at > now - PATIENCE, unread)


def _take(kind: type[Row], id_: int, work: Callable[[Row], list[Doer]], busy: set[int]) -> bool:
    """The customer is locked first, as by everybody who works on one: no deadlock. False where
    somebody else is at it, or was; what else such a busy customer did waits for the next call,
    so that it is judged in its order."""
    customer_id = db.session.scalar(select(kind.customer_id).where(kind.id == id_))
    if customer_id is None or customer_id in busy:
        return False
    if not alone_with(customer_id):
        busy.add(customer_id)
        return False
    lock = select(kind).where(kind.id == id_, _open(kind)).with_for_update(of=kind)
    row = db.session.scalar(lock.execution_options(populate_existing=True))
    if row is None:
        return False
    did = work(row)
    db.session.commit()
    _tell(did, customer_id)
    return True


def _open(kind: type[AutomationEvent] | type[AutomationRun]) -> ColumnElement[bool]:
    if issubclass(kind, AutomationEvent):
        return kind.judged_at.is_(None)
    return kind.status == RunStatus.WAITING


def _tell(did: Iterable[Doer], customer_id: int) -> None:
    """After the commit: the workers look, and so do open pages."""
    for doer in did:
        for task in doer.wakes:
            tasks.enqueue(task)
        live.publish(current_tenant_id(), customer_id)
        if doer.tells_team:
            live.publish(current_tenant_id(), f"{live.ASKED_BY_RULE}{customer_id}")
        if doer.notices:
            live.publish(current_tenant_id(), live.NOTICES)


def _pass_over(now: datetime) -> None:
    """What happened at businesses that have no rules, or too long ago, is done with; committed.
    Webhooks were told of it."""
    passed = (
        select(*key_of(AutomationEvent))
        .where(AutomationEvent.judged_at.is_(None), AutomationEvent.due_at <= now)
        .where(or_(~_has_rules(), AutomationEvent.due_at <= now - OF_INTEREST))
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    these = update(AutomationEvent).where(key_of(AutomationEvent).in_(chosen_once(passed)))
    done = these.values(judged_at=now)
    some = done.returning(AutomationEvent.id).execution_options(synchronize_session=False)
    with unscoped("events of all tenants that nobody listens to"):
        while not shutdown.requested():
            found = len(db.session.scalars(some).all())
            db.session.commit()
            if found < MOST:
                return


def _has_rules() -> ColumnElement[bool]:
    """The condition that the business of an event has a rule that is on."""
    return exists().where(
        AutomationRule.tenant_id == AutomationEvent.tenant_id, AutomationRule.enabled
    )
