"""Jobs that ended with an error. They carry no work of their own: they only said "look now"."""

from datetime import UTC

from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from app.extensions import redis_client
from app.operations.dead_letter_list import Aside
from app.operations.retry_or_discard import Settled
from app.tasks import WorkerQueue

MOST = 50


def listed() -> list[Aside]:
    """Those whose last run failed, at most MOST. Raises RedisError."""
    ids = [id_ for failed in _failed() for id_ in failed.get_job_ids(0, MOST - 1, desc=True)]
    jobs = Job.fetch_many(ids[:MOST], redis_client(), JSONSerializer)
    return [_aside(job) for job in jobs if job and job.get_status() is JobStatus.FAILED]


def _failed() -> list[FailedJobRegistry]:
    """Of each queue its own."""
    return [
        FailedJobRegistry(lane, connection=redis_client(), serializer=JSONSerializer)
        for lane in WorkerQueue
    ]


def _aside(job: Job) -> Aside:
    result = job.latest_result()
    # The worker leaves the place of the fault there, and RQ a line of its own.
    reason = (result and result.exc_string) or "The worker ended while it was at it."
    since = job.ended_at and job.ended_at.replace(tzinfo=UTC)
    return Aside(f"job-{job.id}", f"Job {_name(job)}", "", since, None, reason.splitlines()[-1])


def _name(job: Job) -> str:
    try:
        return str(job.func_name).rpartition(".")[2]
    except Exception:
        return f"{job.id}, which cannot be read"


def retry(job_id: str) -> Settled:
    """Let it run once more. Raises RedisError."""
    try:
        if _fine(job_id):
            return Settled.LEFT_ALONE
        lanes = [failed for failed in _failed() if job_id in failed]
        for failed in lanes:
            failed.requeue(job_id)
    except (InvalidJobOperation, NoSuchJobError):
        return Settled.LEFT_ALONE
    return Settled.DONE if lanes else Settled.LEFT_ALONE


def discard(job_id: str) -> Settled:
    """Take it out of the list. What the timetable repeats goes on being repeated.

    Raises RedisError.
    """
    try:
        fine = _fine(job_id)
    except NoSuchJobError:
        fine = True
    removed = [failed.remove(job_id) for failed in _failed()]
    return Settled.DONE if any(removed) and not fine else Settled.LEFT_ALONE


def _fine(job_id: str) -> bool:
    """Whether it ran well since. Raises NoSuchJobError."""
    job = Job.fetch(job_id, redis_client(), JSONSerializer)
    return job.get_status() is not JobStatus.FAILED
