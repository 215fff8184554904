"""Reconciliation: finds out what became of messages whose sending got no clear answer.

Twilio has no key that would make a second POST harmless. So the message is looked for in the
carrier's list: found, it is ours; proven absent, it may be sent again; not to be told apart,
it stays unknown, and staff see it. So does what went by a carrier that keeps no list, as a mail
server.
"""

from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Select, select, update

from app import tasks
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.message_status import MessageStatus
from app.lib.time.clock import running
from app.models import Message
from app.outbox import transitions
from app.outbox.delivery.claimed import Claimed
from app.outbox.delivery.job import ANOTHER_ACCOUNT, Job, call_all, callers, jobs
from app.outbox.queue.claim import LEASE, take
from app.outbox.settle import record
from app.providers.contract import CannotTell, Fault, SendError, StatusReport
from app.rows.chosen_once import chosen_once
from app.tenancy import key_of, tenant_scope, unscoped

BATCH = 16
# Twilio's clock and ours differ, and it may have begun a little before we knew.
SKEW = timedelta(minutes=1)
# As long as a POST that timed out may still be at work, and a listing may lag behind it.
PROOF_AFTER = LEASE
GIVE_UP_AFTER = timedelta(hours=6)
# A carrier's outage is waited out, a fault of ours is not: after some minutes it is there to stay.
MOST_FAULTY_CHECKS = 8

log = structlog.get_logger()


def reconcile(now: datetime) -> int:
    """Settle what can be settled now, within a time slice; how many messages were looked for."""
    _take_over_the_dead(now)
    looked, clock = 0, running(now)
    with callers(BATCH, "check") as pool:
        while not shutdown.requested() and (messages := _take(clock())):
            looked += len(messages)
            for job, done in call_all(jobs(messages), _find, pool):
                _settle(job, done, clock())
            if clock() > now + tasks.SLOW_TIME_SLICE:
                tasks.enqueue(tasks.Task.RECONCILE)
                break
    return looked


def _take_over_the_dead(now: datetime) -> None:
    """Whoever held these is dead or too late: their claim counts no more."""
    with unscoped("the outbox is one for all tenants"):
        db.session.execute(transitions.expire_lease(now))
        db.session.commit()


def _take(now: datetime) -> list[Message]:
    these = update(Message).where(key_of(Message).in_(chosen_once(_due(now))))
    return take(these.values(checks=Message.checks + 1), now)


def _due(now: datetime) -> Select[Any]:
    return (
        select(*key_of(Message))
        .where(Message.status == MessageStatus.CHECKING, Message.lease_until <= now)
        .order_by(Message.lease_until)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def _find(job: Job) -> list[StatusReport]:
    """In the list of the account that it was sent with; another's would prove nothing."""
    since = job.message.attempted_at - SKEW
    return job.carrier.find(job.account, job.outgoing, since)


def _settle(job: Job, done: "Future[list[StatusReport]]", now: datetime) -> None:
    """Each stands alone: whatever breaks over one, the others are settled."""
    try:
        _conclude(job.message, done, now)
    except Exception as error:
        log.error("not_settled", message=job.message.id, fault=place(error))
        db.session.rollback()


def _conclude(message: Claimed, done: "Future[list[StatusReport]]", now: datetime) -> None:
    try:
        _judge(message, _unknown_to_us(message, done.result()), now)
    except CannotTell:
        record.unknown(message)
    except SendError as error:
        log.warning("not_listed", message=message.id, code=error.code)
        _look_again(message, error, now)
    except Exception as error:
        db.session.rollback()
        _look_again(message, Fault(error), now)


def _judge(message: Claimed, candidates: list[StatusReport], now: datetime) -> None:
    log.info("looked_for", message=message.id, found=len(candidates), checks=message.checks)
    sure = [each for each in candidates if each.sure and not _mixed_up(message, each)]
    if len(sure) == 1:
        record.found(message, sure[0])
    elif candidates:
        record.unknown(message)
    elif now - message.attempted_at >= PROOF_AFTER:
        record.absent(message, now)
    else:
        record.look_again(message, message.attempted_at + PROOF_AFTER)


def _unknown_to_us(message: Claimed, found: list[StatusReport]) -> list[StatusReport]:
    """Without those that are other messages of ours."""
    with tenant_scope(message.tenant_id):
        sids = [report.sid for report in found]
        query = select(Message.provider_sid).where(Message.provider_sid.in_(sids))
        known = set(db.session.scalars(query))
        db.session.rollback()
    return [report for report in found if report.sid not in known]


def _mixed_up(message: Claimed, found: StatusReport) -> bool:
    """Whether its last piece may be another's: of one that left meanwhile for the same person, and
    of which the carrier has not told us its id."""
    if found.pieces == 1:
        return False
    with tenant_scope(message.tenant_id):
        of_theirs = (Message.customer_id == message.customer_id, Message.id != message.id)
        other = select(Message.id).where(
            *of_theirs,
            Message.channel == message.channel,
            Message.recipient == message.recipient,
            Message.attempted_at >= message.attempted_at - SKEW,
            Message.provider_sid.is_(None),
        )
        known = db.session.scalars(other.limit(1)).one_or_none()
        db.session.rollback()
    return known is not None


def _look_again(message: Claimed, error: SendError, now: datetime) -> None:
    hopeless = isinstance(error, Fault) and message.checks >= MOST_FAULTY_CHECKS
    late = now - message.attempted_at > GIVE_UP_AFTER
    if late and error is ANOTHER_ACCOUNT:
        # The operator could not look either.
        record.unknown(message, error.reason)
    elif late or hopeless:
        record.given_up(message, error.for_the_operator, now)
    else:
        record.look_again(message, now + record.backoff(message.checks))
