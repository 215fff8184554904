"""The whole timetable, and the process that keeps it: `python -m jobs.schedule`.

rq-scheduler can lose a periodic job, or stop, when it or Redis dies at the wrong moment. So
the timetable is put right before every pass, and the supervisor restarts the process. Asked to
end, it finishes its pass.
"""

import signal
import sys
from datetime import UTC, datetime
from types import FrameType

from redis import Redis, RedisError
from rq_scheduler import Scheduler

from app.config import ConfigError
from app.heartbeat import promise
from app.tasks import WorkerQueue
from jobs.json_jobs import PlainJob, redis_url

# (id, job, every so many seconds, queue)
TIMETABLE = (
    ("sweep", "jobs.worker_tasks.sweep", 20, WorkerQueue.URGENT),
    ("dispatch", "jobs.worker_tasks.dispatch", 15, WorkerQueue.URGENT),
    ("read-replies", "jobs.worker_tasks.read_replies", 10, WorkerQueue.URGENT),
    ("judge", "jobs.worker_tasks.judge", 10, WorkerQueue.URGENT),
    ("plan", "jobs.worker_tasks.plan", 3600, WorkerQueue.SLOW),
    ("plan-missed", "jobs.worker_tasks.plan_missed", 900, WorkerQueue.URGENT),
    ("reconcile", "jobs.worker_tasks.reconcile_outbox", 20, WorkerQueue.SLOW),
    ("fetch-media", "jobs.worker_tasks.fetch_media", 20, WorkerQueue.SLOW),
    ("work-imports", "jobs.worker_tasks.work_imports", 20, WorkerQueue.SLOW),
    ("send-offers", "jobs.worker_tasks.send_offers", 10, WorkerQueue.SLOW),
    ("work-exports", "jobs.worker_tasks.work_exports", 60, WorkerQueue.SLOW),
    ("prove-numbers", "jobs.worker_tasks.prove_numbers", 60, WorkerQueue.SLOW),
    ("make-cards", "jobs.worker_tasks.make_cards", 300, WorkerQueue.SLOW),
    ("reply-links", "jobs.worker_tasks.send_reply_links", 60, WorkerQueue.SLOW),
    ("look-up", "jobs.worker_tasks.look_up_statuses", 60, WorkerQueue.SLOW),
    ("send-user-emails", "jobs.worker_tasks.send_user_emails", 60, WorkerQueue.SLOW),
    ("send-webhooks", "jobs.worker_tasks.send_webhooks", 20, WorkerQueue.SLOW),
    ("index-words", "jobs.worker_tasks.index_words", 5, WorkerQueue.SLOW),
    ("tell-browsers", "jobs.worker_tasks.tell_browsers", 20, WorkerQueue.SLOW),
    ("watch-health", "jobs.worker_tasks.watch_health", 60, WorkerQueue.SLOW),
    ("wake", "jobs.worker_tasks.wake_conversations", 30, WorkerQueue.URGENT),
    ("remind-promises", "jobs.worker_tasks.remind_promises", 30, WorkerQueue.SLOW),
    ("sum-counts", "jobs.worker_tasks.sum_counts", 60, WorkerQueue.SLOW),
    ("forget", "jobs.worker_tasks.forget", 86_400, WorkerQueue.SLOW),
    ("archive-messages", "jobs.worker_tasks.archive_messages", 1800, WorkerQueue.SLOW),
    ("erase-people", "jobs.worker_tasks.erase_people", 10, WorkerQueue.SLOW),
    ("join-identities", "jobs.worker_tasks.join_identities", 30, WorkerQueue.SLOW),
    ("read-mailboxes", "jobs.worker_tasks.read_mailboxes", 60, WorkerQueue.SLOW),
    ("keep-accounts", "jobs.worker_tasks.keep_accounts", 20, WorkerQueue.SLOW),
    ("recover-inbound", "jobs.worker_tasks.recover_inbound", 300, WorkerQueue.SLOW),
)
PASS_SECONDS = 5
REDIS_SECONDS = 5


class Timetable(Scheduler):  # type: ignore[misc]
    """A scheduler that never forgets what it is for, and is not interrupted in a pass."""

    _asked_to_end = False
    _passing = False

    def _install_signal_handlers(self) -> None:
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, self._ask_to_end)

    def _ask_to_end(self, signum: int, frame: FrameType | None) -> None:
        self._asked_to_end = True
        self._end_between_passes()

    def _end_between_passes(self) -> None:
        if self._asked_to_end and not self._passing:
            self._asked_to_end = False
            raise SystemExit

    def acquire_lock(self) -> bool:
        self._passing = True
        self._passing = bool(super().acquire_lock())
        self._end_between_passes()
        return self._passing

    def remove_lock(self) -> None:
        super().remove_lock()
        self._passing = False
        self._end_between_passes()

    def enqueue_jobs(self) -> list[object]:
        ensure(self)
        return list(super().enqueue_jobs())


def ensure(scheduler: Scheduler) -> None:
    """Every job of the timetable is scheduled, once; nothing else stays. Whoever looks whether it
    is kept (app/heartbeat.py) is told of it."""
    key, redis = scheduler.scheduled_jobs_key, scheduler.connection
    promise(redis, {job: seconds for _, job, seconds, _ in TIMETABLE}, datetime.now(UTC))
    for id_ in {name.decode() for name in redis.zrange(key, 0, -1)} - {row[0] for row in TIMETABLE}:
        redis.zrem(key, id_)
    for id_, job, seconds, queue in TIMETABLE:
        if redis.zscore(key, id_) is None or not _stands(id_, job, queue, redis):
            scheduler.schedule(
                datetime.now(UTC),
                job,
                interval=seconds,
                id=id_,
                queue_name=queue,
                timeout=-1,
                # A result that expires would take the job with it.
                result_ttl=-1,
            )


def _stands(id_: str, name: str, queue: WorkerQueue, redis: Redis) -> bool:
    try:
        job = PlainJob.fetch(id_, connection=redis)
        return job.func_name == name and job.origin == queue
    except RedisError:
        raise
    except Exception:
        # Whatever stands there is not ours: one undecodable job would end the scheduler.
        return False


def main() -> None:
    try:
        redis = Redis.from_url(redis_url(), socket_timeout=REDIS_SECONDS)
    except ConfigError as error:
        sys.exit(f"kaivox: {error}")
    Timetable(WorkerQueue.URGENT, interval=PASS_SECONDS, connection=redis, job_class=PlainJob).run()


if __name__ == "__main__":
    main()
