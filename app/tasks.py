"""What can be asked of the workers. A task says "look now"; what there is to do, rows say.

The app never imports jobs: it names them here, and a test holds that each name exists.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

import structlog
from redis import Redis, RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from app.extensions import redis_client

# A task that is enqueued and not begun need not be enqueued again. One that was lost (RQ loses jobs
# of a worker that is killed) counts as enqueued for so long; then the sweep has come by.
COALESCE_SECONDS = 5

log = structlog.get_logger()


class WorkerQueue(StrEnum):
    """The queues, each with a worker of its own where there are several; the first goes first."""

    URGENT = "urgent"
    """People wait for it."""
    SLOW = "slow"
    """The carrier may take its time over it."""


class Task(StrEnum):
    DRAIN_OUTBOX = "jobs.worker_tasks.drain_outbox"
    DISPATCH = "jobs.worker_tasks.dispatch"
    JUDGE = "jobs.worker_tasks.judge"
    PLAN = "jobs.worker_tasks.plan"
    PLAN_MISSED = "jobs.worker_tasks.plan_missed"
    FETCH_MEDIA = "jobs.worker_tasks.fetch_media"
    WORK_IMPORTS = "jobs.worker_tasks.work_imports"
    WORK_EXPORTS = "jobs.worker_tasks.work_exports"
    PROVE_NUMBERS = "jobs.worker_tasks.prove_numbers"
    RECONCILE = "jobs.worker_tasks.reconcile_outbox"
    SEND_USER_EMAILS = "jobs.worker_tasks.send_user_emails"
    SEND_REPLY_LINKS = "jobs.worker_tasks.send_reply_links"
    SEND_WEBHOOKS = "jobs.worker_tasks.send_webhooks"
    TELL_BROWSERS = "jobs.worker_tasks.tell_browsers"
    WATCH_HEALTH = "jobs.worker_tasks.watch_health"
    MAKE_CARDS = "jobs.worker_tasks.make_cards"
    READ_MAILBOXES = "jobs.worker_tasks.read_mailboxes"
    ARCHIVE_MESSAGES = "jobs.worker_tasks.archive_messages"
    ERASE_PEOPLE = "jobs.worker_tasks.erase_people"
    JOIN_IDENTITIES = "jobs.worker_tasks.join_identities"
    SEND_OFFERS = "jobs.worker_tasks.send_offers"


QUEUES = {
    Task.DRAIN_OUTBOX: WorkerQueue.URGENT,
    Task.DISPATCH: WorkerQueue.URGENT,
    Task.JUDGE: WorkerQueue.URGENT,
    Task.PLAN: WorkerQueue.SLOW,
    Task.PLAN_MISSED: WorkerQueue.URGENT,
    Task.FETCH_MEDIA: WorkerQueue.SLOW,
    Task.WORK_IMPORTS: WorkerQueue.SLOW,
    Task.WORK_EXPORTS: WorkerQueue.SLOW,
    Task.PROVE_NUMBERS: WorkerQueue.SLOW,
    Task.RECONCILE: WorkerQueue.SLOW,
    Task.SEND_USER_EMAILS: WorkerQueue.SLOW,
    Task.SEND_REPLY_LINKS: WorkerQueue.SLOW,
    Task.SEND_WEBHOOKS: WorkerQueue.SLOW,
    Task.TELL_BROWSERS: WorkerQueue.SLOW,
    Task.WATCH_HEALTH: WorkerQueue.SLOW,
    Task.MAKE_CARDS: WorkerQueue.SLOW,
    Task.READ_MAILBOXES: WorkerQueue.SLOW,
    Task.ARCHIVE_MESSAGES: WorkerQueue.SLOW,
    Task.ERASE_PEOPLE: WorkerQueue.SLOW,
    Task.JOIN_IDENTITIES: WorkerQueue.SLOW,
    Task.SEND_OFFERS: WorkerQueue.SLOW,
}
# So long a slow task goes on; then it is enqueued for what is left, behind other slow work.
SLOW_TIME_SLICE = timedelta(seconds=30)


def enqueue(task: Task, beside: Callable[[Redis], None] | None = None) -> None:
    """Ask for the task, after the commit that made it necessary. One that waits is not asked for
    again: the worker looks when its turn comes, and finds this work too.

    beside: what else Redis is told, in the same round trip. Never raises: with Redis away the sweep
    finds the rows, a little later.
    """
    try:
        if _is_first(task, beside) and not _waits(task):
            _queue(QUEUES[task]).enqueue(
                task.value,
                job_id=f"{_mark(task)}{uuid.uuid4().hex}",
                job_timeout=-1,
                result_ttl=0,
                failure_ttl=86_400,
            )
    except RedisError as error:
        log.warning("not_enqueued", task=task.name, error=type(error).__name__)


def _is_first(task: Task, beside: Callable[[Redis], None] | None) -> bool:
    """Whether nobody has asked for it of late. Raises RedisError."""
    with redis_client().pipeline(transaction=False) as pipe:
        if beside:
            beside(pipe)
        pipe.set(_key(task), 1, nx=True, ex=COALESCE_SECONDS)
        return bool(pipe.execute()[-1])


def _waits(task: Task) -> bool:
    """Whether the task is asked for already, however long ago. Raises RedisError."""
    return any(id_.startswith(_mark(task)) for id_ in _queue(QUEUES[task]).job_ids)


def _mark(task: Task) -> str:
    """What the ids of its jobs begin with, so that none has to be read."""
    return f"{task.name.lower()}-"


def waiting(queue: WorkerQueue) -> bool:
    """Whether a job of the queue waits. With Redis away none does."""
    try:
        return _queue(queue).count > 0
    except RedisError as error:
        log.warning("not_enqueued", queue=queue, error=type(error).__name__)
        return False


def depth(queue: WorkerQueue) -> int:
    """How many jobs of the queue wait. Raises RedisError."""
    return int(_queue(queue).count)


def heard(task: Task) -> None:
    """A worker that begins the task says so before looking, so that the next one is enqueued."""
    try:
        redis_client().delete(_key(task))
    except RedisError as error:
        log.warning("still_enqueued", task=task.name, error=type(error).__name__)


def hand_over() -> None:
    """Enqueue all for whoever comes after a worker that ends: what it took may be undone."""
    for task in Task:
        heard(task)
        enqueue(task)


def _queue(queue: WorkerQueue) -> Queue:
    return Queue(queue, connection=redis_client(), serializer=JSONSerializer)


def _key(task: Task) -> str:
    return f"enqueued:{task.name.lower()}"
