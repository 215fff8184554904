"""Status polling: asks the carrier what became of messages whose delivery reports do not come.

A callback that is lost comes no second time, and the message would stay "Sent" for ever. Where
the carrier itself knows no more, it stays so, and after two days nobody asks again: many mobile
networks send no receipts.
"""

from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, case, func, select, true, update

from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.message_status import MessageStatus
from app.models import Message, Tenant
from app.outbox.delivery.job import ANOTHER_ACCOUNT, Job, call_all, callers, jobs
from app.outbox.settle import delivery_report
from app.outbox.settle.record import FIRST_ASK_AFTER
from app.providers.contract import SendError, StatusReport
from app.tenancy import key_of, tenant_scope, unscoped

BATCH = 16
# In a row; then other slow work goes on.
MOST_BATCHES = 20
GIVE_UP_AFTER = timedelta(days=2)
# The condition of the index ix_message_to_ask.
UNSETTLED = (MessageStatus.ACCEPTED, MessageStatus.SENT)

log = structlog.get_logger()


def look_up(now: datetime) -> int:
    """Ask about what is due, each business in turn; how many messages were asked about.

    A carrier that answers nothing is left alone until the next time.
    """
    asked = 0
    with callers(BATCH, "look-up") as pool:
        for _ in range(MOST_BATCHES):
            if shutdown.requested() or not (messages := _take(now)):
                break
            asked += len(messages)
            ask = partial(_ask, {message.id: message.provider_sid or "" for message in messages})
            answered = [_apply(job, done, now) for job, done in call_all(jobs(messages), ask, pool)]
            if not any(answered):
                break
    return asked


def _take(now: datetime) -> list[Message]:
    """Some that are due, put off first: nobody else asks about them, and none is asked for ever."""
    taken = (
        update(Message)
        .where(key_of(Message).in_(_due(now)), Message.ask_at <= now)
        .values(ask_at=_next(now))
        .returning(Message)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the outbox is one for all tenants"):
        messages = list(db.session.scalars(taken))
        db.session.expunge_all()
        db.session.commit()
    return messages


def _due(now: datetime) -> Select[Any]:
    """The most overdue of every business first, then the second of every business …"""
    of_tenant = (
        select(
            *key_of(Message),
            Message.ask_at,
            func.row_number().over(order_by=Message.ask_at).label("turn"),
        )
        .where(Message.tenant_id == Tenant.id, Message.status.in_(UNSETTLED))
        .where(Message.ask_at <= now)
        .order_by(Message.ask_at)
        .limit(BATCH)
        .lateral()
    )
    every = (
        select(of_tenant.c.tenant_id, of_tenant.c.id).select_from(Tenant).join(of_tenant, true())
    )
    return every.order_by(of_tenant.c.turn, of_tenant.c.ask_at).limit(BATCH)


def _next(now: datetime) -> ColumnElement[datetime | None]:
    """After 10, 20, 40 … minutes; null when the message is too old by then."""
    age = func.greatest(now - Message.attempted_at, FIRST_ASK_AFTER)
    young = now + age <= Message.attempted_at + GIVE_UP_AFTER
    return case((young, now + age), else_=None)


def _ask(sids: dict[int, str], job: Job) -> StatusReport:
    return job.carrier.look_up(job.account, sids[job.message.id])


def _apply(job: Job, done: "Future[StatusReport]", now: datetime) -> bool:
    """Whether the carrier answered; for whom it cannot be asked, nobody else need wait. Each stands
    alone: whatever breaks over one, the others are settled."""
    try:
        report = done.result()
        with tenant_scope(job.message.tenant_id):
            moved = delivery_report.apply(report, None, job.account.sid, now)
    except SendError as error:
        log.info("not_looked_up", message=job.message.id, code=error.code)
        return error is ANOTHER_ACCOUNT
    except Exception as error:
        log.error("report_broke", message=job.message.id, fault=place(error))
        db.session.rollback()
        return True
    log.info("looked_up", message=job.message.id, moved=moved)
    return True
