"""What can be asked of the workers. A task says "look now"; what there is to do, rows say.

The app never imports jobs: it names them here, and a test holds that each name exists.
"""

import uuid
from datetime import timedelta
from enum import StrEnum

import structlog
from redis import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from app.extensions import doorbell

# As long as a bell that rang is not heard, ringing again is needless. A bell that was lost
# (RQ loses jobs of a worker that is killed) is silent for so long; then the sweep has come by.
SILENCE_SECONDS = 5

log = structlog.get_logger()


class Lane(StrEnum):
    """The queues, each with a worker of its own where there are several; the first goes first."""

    URGENT = "urgent"
    """People wait for it."""
    SLOW = "slow"
    """The carrier may take its time over it."""


class Task(StrEnum):
    DRAIN_OUTBOX = "jobs.doorbells.drain_outbox"
    DISPATCH = "jobs.doorbells.dispatch"
    PLAN = "jobs.doorbells.plan"
    PLAN_MISSED = "jobs.doorbells.plan_missed"
    FETCH_MEDIA = "jobs.doorbells.fetch_media"
    IMPORT_APPOINTMENTS = "jobs.doorbells.import_appointments"
    PROVE_NUMBERS = "jobs.doorbells.prove_numbers"
    RECONCILE = "jobs.doorbells.reconcile_outbox"
    SEND_USER_EMAILS = "jobs.doorbells.send_user_emails"
    SEND_REPLY_LINKS = "jobs.doorbells.send_reply_links"


LANES = {
    Task.DRAIN_OUTBOX: Lane.URGENT,
    Task.DISPATCH: Lane.URGENT,
    Task.PLAN: Lane.SLOW,
    Task.PLAN_MISSED: Lane.URGENT,
    Task.FETCH_MEDIA: Lane.SLOW,
    Task.IMPORT_APPOINTMENTS: Lane.SLOW,
    Task.PROVE_NUMBERS: Lane.SLOW,
    Task.RECONCILE: Lane.SLOW,
    Task.SEND_USER_EMAILS: Lane.SLOW,
    Task.SEND_REPLY_LINKS: Lane.SLOW,
}
# So long a slow task goes on; then it rings for what is left, and other slow work has its turn.
SLOW_TURN = timedelta(seconds=30)


def ring(task: Task) -> None:
    """Ask for the task, after the commit that made it necessary. One that waits is not asked for
    again: the worker looks when its turn comes, and finds this work too.

    Never raises: with Redis away the sweep finds the rows, a little later.
    """
    try:
        redis = doorbell()
        if redis.set(_bell(task), 1, nx=True, ex=SILENCE_SECONDS) and not _waits(task):
            _queue(LANES[task]).enqueue(
                task.value,
                job_id=f"{_mark(task)}{uuid.uuid4().hex}",
                job_timeout=-1,
                result_ttl=0,
                failure_ttl=86_400,
            )
    except RedisError as error:
        log.warning("doorbell_silent", task=task.name, error=type(error).__name__)


def _waits(task: Task) -> bool:
    """Whether the task is asked for already, however long ago. Raises RedisError."""
    return any(id_.startswith(_mark(task)) for id_ in _queue(LANES[task]).job_ids)


def _mark(task: Task) -> str:
    """What the ids of its jobs begin with, so that none has to be read."""
    return f"{task.name.lower()}-"


def rung(lane: Lane) -> bool:
    """Whether a bell of the lane waits to be answered. With Redis away none does."""
    try:
        return _queue(lane).count > 0
    except RedisError as error:
        log.warning("doorbell_silent", lane=lane, error=type(error).__name__)
        return False


def heard(task: Task) -> None:
    """Whoever answers the bell says so before looking, so that the next ring is not swallowed."""
    try:
        doorbell().delete(_bell(task))
    except RedisError as error:
        log.warning("doorbell_stuck", task=task.name, error=type(error).__name__)


def hand_over() -> None:
    """Ring for whoever comes after a worker that ends: a bell it took may be unanswered."""
    for task in Task:
        heard(task)
        ring(task)


def _queue(lane: Lane) -> Queue:
    return Queue(lane, connection=doorbell(), serializer=JSONSerializer)


def _bell(task: Task) -> str:
    return f"bell:{task.name.lower()}"
