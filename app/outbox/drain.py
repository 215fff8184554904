"""Sends what is due: claim, call the provider without holding the database, record."""

from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from time import monotonic, sleep

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app import tasks
from app.extensions import db
from app.lib.clock import now as clock_now
from app.lib.status import MessageStatus
from app.models import Message
from app.outbox import record
from app.outbox.claim import LEASE, claim
from app.outbox.consent import refuse_stopped
from app.outbox.job import DEADLINE, Job, call_all, callers, jobs
from app.providers.base import Accepted, Outcome, SendError
from app.tenancy import unscoped

BATCH = 32
ROUND_SECONDS = 5
# Longer than most businesses' time to take a message back; the sweep finds the rest.
SOON = timedelta(seconds=10)
GLANCE_SECONDS = 0.2
OVERSLEPT = SendError("It was not sent in time, and is tried again.", Outcome.RETRY)

log = structlog.get_logger()


def keep_draining() -> None:
    """Send what is due, and wait for what may still be taken back and is due in a moment."""
    until = monotonic() + SOON.total_seconds() + ROUND_SECONDS
    while monotonic() < until:
        drain(clock_now())
        if not _due_before(clock_now() + SOON):
            return
        sleep(GLANCE_SECONDS)


def _due_before(at: datetime) -> bool:
    query = select(Message.id).where(Message.status == MessageStatus.QUEUED)
    with unscoped("the outbox is one for all tenants"):
        due = db.session.scalar(query.where(Message.send_after <= at).limit(1)) is not None
    db.session.remove()
    return due


def drain(now: datetime) -> int:
    """Send what is due; how many messages were tried.

    After a while it rings for the next round, so that a worker that is asked to stop can.
    """
    refuse_stopped(now)
    tried, until = 0, monotonic() + ROUND_SECONDS
    send = partial(_send, before=clock_now() + LEASE - DEADLINE)
    with callers(BATCH, "send") as pool:
        while messages := claim(now, BATCH):
            tried += len(messages)
            for job, done in call_all(jobs(messages), send, pool):
                _record(job, done, now)
            if monotonic() > until:
                tasks.ring(tasks.Task.DRAIN_OUTBOX)
                break
    return tried


def _send(job: Job, before: datetime) -> Accepted:
    # A process that was suspended wakes up with a lease that somebody else may have taken over.
    if clock_now() > before:
        raise OVERSLEPT
    return job.carrier.send(job.account, job.outgoing)


def _record(job: Job, done: "Future[Accepted]", now: datetime) -> None:
    try:
        _write_down(job, done, now)
    except SQLAlchemyError as error:
        # This one is looked for when its lease is over; the others of the batch are none the wiser.
        log.error("not_recorded", message=job.message.id, error=type(error).__name__)
        db.session.rollback()


def _write_down(job: Job, done: "Future[Accepted]", now: datetime) -> None:
    try:
        answer = done.result()
    except SendError as error:
        log.info("not_sent", message=job.message.id, outcome=error.outcome, code=error.code)
        record.failed(job.message, error, now)
    else:
        record.accepted(job.message, answer)
