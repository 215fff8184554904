"""Sends what is due: claim, call the provider without holding the database, record."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from time import monotonic

import structlog

from app import tasks
from app.lib.clock import now as clock_now
from app.outbox import record
from app.outbox.claim import claim
from app.outbox.consent import refuse_stopped
from app.outbox.job import Job, call_all, jobs
from app.providers.base import Accepted, SendError

BATCH = 32
ROUND_SECONDS = 5

log = structlog.get_logger()


def drain(now: datetime) -> int:
    """Send what is due; how many messages were tried.

    After a while it rings for the next round, so that a worker that is asked to stop can.
    """
    refuse_stopped(now)
    tried, until = 0, monotonic() + ROUND_SECONDS
    with ThreadPoolExecutor(BATCH, thread_name_prefix="send") as pool:
        while messages := claim(now, BATCH):
            tried += len(messages)
            for job, done in call_all(jobs(messages), _send, pool):
                _record(job, done)
            if monotonic() > until:
                tasks.ring(tasks.Task.DRAIN_OUTBOX)
                break
    return tried


def _send(job: Job) -> Accepted:
    return job.carrier.send(job.account, job.outgoing)


def _record(job: Job, done: "Future[Accepted]") -> None:
    try:
        record.accepted(job.message, done.result())
    except SendError as error:
        log.info("not_sent", message=job.message.id, outcome=error.outcome, code=error.code)
        record.failed(job.message, error, clock_now())
