"""The worker process: `python -m jobs.worker`.

One process that does its jobs itself: a fork per job would cost more than the job, and a
job's rows outlive a process that is killed.
"""

import sys
from typing import Any

from flask import Flask
from redis import Redis
from rq import SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

import jobs.doorbells  # noqa: F401  (the imports, of Twilio's SDK among them, before the first job)
from app import create_app
from app.config import ConfigError
from app.extensions import db
from app.tasks import QUEUE
from jobs.plain import redis_url


class Worker(SimpleWorker):
    """Runs each job within the app, and gives the database back after it."""

    app: Flask

    def perform_job(self, job: Job, queue: Any) -> bool:
        with self.app.app_context():
            try:
                return super().perform_job(job, queue)
            finally:
                db.session.remove()


def main() -> None:
    try:
        app = create_app()
    except ConfigError as error:
        sys.exit(f"kaivox: {error}")
    redis = Redis.from_url(redis_url())
    worker = Worker([QUEUE], connection=redis, serializer=JSONSerializer)
    worker.app = app
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    main()
