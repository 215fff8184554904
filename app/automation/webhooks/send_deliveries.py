"""Sends what waits for endpoints: claim, call on threads without holding the database, record."""

from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

import structlog

from app import tasks
from app.automation.webhooks import record_attempt
from app.automation.webhooks.claim_deliveries import Claimed, claim, free_what_was_left
from app.automation.webhooks.webhook_call import Attempt, call
from app.extensions import db, settings
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import now as clock_now
from app.lib.time.clock import running

MOST = 32
# A tenant whose endpoints hang leaves room for the others.
MOST_EACH = 6
GLANCE_SECONDS = 0.2

Calls = dict["Future[Attempt]", Claimed]

log = structlog.get_logger()


def send_due(now: datetime) -> None:
    """Send what is due, for a time slice; then enqueue the task for the rest."""
    clock, calls = running(now), Calls()
    free_what_was_left(now)
    with ThreadPoolExecutor(MOST, thread_name_prefix="webhook") as threads:
        while True:
            over = clock() > now + tasks.SLOW_TIME_SLICE
            if not over and not shutdown.requested():
                _begin(calls, threads, clock())
            if not calls:
                break
            for done in wait(calls, GLANCE_SECONDS, FIRST_COMPLETED).done:
                _record(calls.pop(done), done, clock())
    if over:
        tasks.enqueue(tasks.Task.SEND_WEBHOOKS)


def _begin(calls: Calls, threads: ThreadPoolExecutor, now: datetime) -> None:
    """As many as there is room for. Each ends by itself within its time (webhook_call.SECONDS)."""
    counts = Counter(each.tenant_id for each in calls.values())
    busy = [tenant_id for tenant_id, count in counts.items() if count >= MOST_EACH]
    private = settings().private_networks
    room = MOST - len(calls)
    for delivery in claim(now, room, busy) if room else ():
        # By the clock on the wall, which the receiver compares.
        calls[threads.submit(call, delivery, private, clock_now())] = delivery


def _record(delivery: Claimed, done: "Future[Attempt]", now: datetime) -> None:
    try:
        _write_down(delivery, done, now)
    except Exception as error:
        # When its lease is over it goes again; the others are none the wiser.
        log.error("webhook_not_recorded", delivery=delivery.id, fault=place(error))
        db.session.rollback()


def _write_down(delivery: Claimed, done: "Future[Attempt]", now: datetime) -> None:
    try:
        attempt = done.result()
    except Exception as error:
        log.error("webhook_broke", delivery=delivery.id, fault=place(error))
        record_attempt.broke(delivery, now)
        return
    answered = attempt.answer and attempt.answer.status
    log.info("webhook_called", delivery=delivery.id, answered=answered, ms=attempt.took_ms)
    record_attempt.record(delivery, attempt, now)
