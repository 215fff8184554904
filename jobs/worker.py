"""The worker process: `python -m jobs.worker [urgent] [slow]`; with no names it serves all queues.

One process that does its jobs itself: a fork per job would cost more than the job, and a
job's rows outlive a process that is killed.

Asked to end by SIGTERM, it begins nothing more, lets calls to the carrier come back, gives back
what it had not begun, enqueues all for whoever comes after it, and is gone within half a minute.
"""

import gc
import os
import signal
import socket
import sys
import threading
from types import FrameType
from typing import Any

import structlog
from flask import Flask
from redis import Redis
from rq import SimpleWorker
from rq.exceptions import DeserializationError
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import RoundRobinWorker

import jobs.worker_tasks  # noqa: F401  (the imports, of Twilio's SDK among them, before the first job)
from app import create_app, heartbeat, tasks
from app.config import ConfigError
from app.extensions import db
from app.factory import check_row_security
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import now
from app.tasks import WorkerQueue
from jobs.json_jobs import redis_url

# A Redis that vanished is noticed within 8 s, whoever's turn it is to speak; RQ would wait for
# minutes. In s, the last in ms (tcp(7)); a system that lacks one of them goes by its own.
_LIVELINESS = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 5000}

log = structlog.get_logger()


class Worker(SimpleWorker):
    """Runs each job within the app, and gives the database back after it."""

    app: Flask
    # Alone it serves the slow queue too, however much there is on the urgent one.
    reorder_queues = RoundRobinWorker.reorder_queues

    def perform_job(self, job: Job, queue: Any) -> bool:
        with self.app.app_context():
            try:
                done = super().perform_job(job, queue)
                if done:
                    heartbeat.kept(str(job.func_name), now())
                return done
            finally:
                db.session.remove()

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log where it broke; RQ's own line quotes the error, and with it perhaps a customer."""
        log.error("job_failed", job=job.id, fault=place(exc_info[1]))

    def handle_job_failure(
        self, job: Job, queue: Any, started_job_registry: Any = None, exc_string: str = ""
    ) -> None:
        """Keep the place of the fault with the job, for the operator's page, and no more."""
        error = sys.exception()
        fault = place(error) if error else exc_string
        super().handle_job_failure(job, queue, started_job_registry, fault)
        if not _known(job):
            # It only said "look now", as every job, and the sweep looks: nothing is lost with it.
            job.delete()

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        shutdown.request()
        # Whatever hangs then is as good as killed: its rows are found when their lease is over.
        end = threading.Timer(shutdown.END_SECONDS, os._exit, [0])
        end.daemon = True
        end.start()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def set_shutdown_requested_date(self) -> None:
        """Nothing: a signal comes in the midst of anything, where Redis cannot be called."""


def _known(job: Job) -> bool:
    """Whether this version has the job's function. A job that waits in Redis over a deploy may name
    one that was renamed; one that cannot be read stays, for the operator."""
    try:
        return job.func is not None
    except ValueError:
        return False
    except DeserializationError:
        return True


def lively(url: str) -> Redis:
    """A Redis that may be waited for, and whose end is noticed though nobody tells of it."""
    if url.startswith("unix:"):
        return Redis.from_url(url)
    there = {getattr(socket, k): v for k, v in _LIVELINESS.items() if hasattr(socket, k)}
    return Redis.from_url(url, socket_keepalive_options=there)


def main(names: list[str]) -> None:
    # Until it works it holds nothing.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if unknown := set(names) - set(WorkerQueue):
        known = " or ".join(WorkerQueue)
        sys.exit(f"kaivox: no queue is called {unknown.pop()}: name {known}, or none for all")
    try:
        app = create_app()
        check_row_security(app)
    except ConfigError as error:
        sys.exit(f"kaivox: {error}")
    worker = Worker(
        names or list(WorkerQueue), connection=lively(redis_url()), serializer=JSONSerializer
    )
    worker.app = app
    # What is there by now stays to the end: looked through no more, a full collection takes next to
    # nothing, and not 0.2 s while messages wait.
    gc.collect()
    gc.freeze()
    worker.work(logging_level="WARNING")
    with app.app_context():
        tasks.hand_over()
    # An exit would wait for calls that were given up.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
