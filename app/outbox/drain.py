"""Sends the transactional outbox: claim, call the provider without holding the database, record."""

from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from time import monotonic, sleep

import structlog

from app import tasks
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import now as clock_now
from app.metrics.sends import Result, sent
from app.outbox.compose.closed_window import settle_closed
from app.outbox.delivery.claimed import Claimed
from app.outbox.delivery.job import DEADLINE, Job, NotBegun, callers, jobs
from app.outbox.delivery.make_cards import make_again
from app.outbox.delivery.send_pool import THREADS, Completed, SendPool
from app.outbox.queue.claim import LEASE, claim
from app.outbox.queue.due import due
from app.outbox.queue.expiry import refuse_late
from app.outbox.queue.foreign_sender import refuse_foreign
from app.outbox.queue.opt_out import refuse_stopped, refuse_unwanted
from app.outbox.settle import record
from app.providers.contract import Accepted, Outcome, SendError
from app.tenancy import unscoped

ROUND_SECONDS = 5
# Longer than most businesses' time to take a message back; the sweep finds the rest.
SOON = timedelta(seconds=10)
GLANCE_SECONDS = 0.2
OVERSLEPT = SendError("It was not sent in time, and is tried again.", Outcome.RETRY)
RESULTS = {
    Outcome.REFUSED: Result.REFUSED,
    Outcome.RETRY: Result.RETRY,
    Outcome.UNKNOWN: Result.UNKNOWN,
}
BROKE_OFF = SendError("We could not confirm this message.", Outcome.UNKNOWN)

log = structlog.get_logger()


def keep_draining() -> None:
    """Send what is due, and wait for what may still be taken back and is due in a moment."""
    until = monotonic() + SOON.total_seconds() + ROUND_SECONDS
    while monotonic() < until and not shutdown.requested():
        drain(clock_now())
        if not _waits(clock_now() + SOON):
            return
        if tasks.waiting(tasks.WorkerQueue.URGENT):
            # Whoever else people wait for goes first.
            break
        sleep(GLANCE_SECONDS)
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)


def look(now: datetime) -> None:
    """Send what no task announced. Where something left, its number may be free again in a moment,
    and what is next in its line does not wait for the next look."""
    if drain(now):
        tasks.enqueue(tasks.Task.DRAIN_OUTBOX)


def _waits(at: datetime) -> bool:
    """Whether anything may leave by then: taken back no more, and its number free again."""
    with unscoped("the outbox is one for all tenants"):
        waits = bool(due(at, 1))
    db.session.remove()
    return waits


def drain(now: datetime) -> int:
    """Send what is due at that time and while it sends; how many messages were tried.

    After a while it enqueues the next round, so that a worker that is asked to stop can; but
    nobody waits for somebody else's slow carrier.
    """
    tried, begin, tidy = 0, monotonic(), 0.0
    with callers(THREADS, "send") as threads:
        pool = SendPool(threads)
        while True:
            elapsed = monotonic() - begin
            at = now + timedelta(seconds=elapsed)
            if elapsed >= tidy:
                _tidy(at)
                tidy = elapsed + ROUND_SECONDS
            if elapsed < ROUND_SECONDS or pool.slow:
                tried += _depart(pool, at)
            elif not pool:
                tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
            if not pool:
                return tried
            _record_all(pool.completed(GLANCE_SECONDS), at)


def _tidy(now: datetime) -> None:
    """Take out what may not leave any more; whatever breaks there keeps nothing else waiting."""
    for step in (refuse_late, refuse_stopped, refuse_unwanted, refuse_foreign, settle_closed):
        try:
            step(now)
        except Exception as error:
            log.error("not_tidied", step=step.__name__, fault=place(error))
            db.session.rollback()


def _depart(pool: SendPool, now: datetime) -> int:
    """Send as much as there is room for; how many messages."""
    room = 0 if shutdown.requested() else pool.room()
    if room == 0:
        return 0
    send = partial(_send, before=clock_now() + LEASE - DEADLINE)
    messages = claim(now, room, pool.busy)
    pool.begin(jobs(messages), send)
    return len(messages)


def _send(job: Job, before: datetime) -> Accepted:
    if shutdown.requested():
        raise NotBegun
    # A process that was suspended wakes up with a lease that somebody else may have taken over.
    if clock_now() > before:
        raise OVERSLEPT
    return job.carrier.send(job.account, job.outgoing)


def _record_all(ended: list[Completed], now: datetime) -> None:
    """What was accepted by one statement; what else came of a call, and where that statement
    breaks over one of them, one by one."""
    taken = [(job.message, done.result()) for job, done in ended if done.exception() is None]
    together = _accepted(taken)
    for job, done in ended:
        if done.exception() or not together:
            _record(job, done, now)
        else:
            _note_lost_template(job, done.result(), now)


def _accepted(taken: list[tuple[Claimed, Accepted]]) -> bool:
    """Whether they are written down."""
    if len(taken) < 2:
        return False
    try:
        record.accepted(taken)
    except Exception as error:
        log.error("not_recorded_together", fault=place(error))
        db.session.rollback()
        return False
    sent(Result.ACCEPTED, *(message.channel for message, _ in taken))
    return True


def _record(job: Job, done: "Future[Accepted]", now: datetime) -> None:
    try:
        _write_down(job, done, now)
    except Exception as error:
        # This one is looked for when its lease is over; the others of the batch are none the wiser.
        log.error("not_recorded", message=job.message.id, fault=place(error))
        db.session.rollback()


def _write_down(job: Job, done: "Future[Accepted]", now: datetime) -> None:
    try:
        answer = done.result()
    except NotBegun:
        record.release(job.message)
    except SendError as error:
        log.info("not_sent", message=job.message.id, outcome=error.outcome, code=error.code)
        record.failed(job.message, error, now)
        sent(RESULTS[error.outcome], job.message.channel)
    except Exception as error:
        # Whoever calls carriers raises SendError alone. This one may have called before it broke.
        log.error("broke_while_sending", message=job.message.id, fault=place(error))
        record.failed(job.message, BROKE_OFF, now)
        sent(Result.UNKNOWN, job.message.channel)
    else:
        record.accepted([(job.message, answer)])
        sent(Result.ACCEPTED, job.message.channel)
        _note_lost_template(job, answer, now)


def _note_lost_template(job: Job, answer: Accepted, now: datetime) -> None:
    sid = job.outgoing.content_sid
    if not (answer.without_template and sid):
        return
    try:
        make_again(job.message.tenant_id, sid, now)
    except Exception as error:
        log.error("card_not_noted", message=job.message.id, fault=place(error))
        db.session.rollback()
