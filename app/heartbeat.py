"""Heartbeat of the timetable: what it promises, and when each of its jobs last ended well."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from redis import Redis, RedisError

from app.extensions import redis_client

# {job: every so many seconds}, and {job: when}.
PROMISED, KEPT = "timetable:promised", "timetable:kept"
SWEEP = "jobs.worker_tasks.sweep"
# A worker may be busy, or starting anew.
PATIENCE = timedelta(minutes=2)

log = structlog.get_logger()


def promise(redis: Redis, jobs: Mapping[str, int], now: datetime) -> None:
    """What the scheduler will have done, each at least every so many seconds. Raises RedisError."""
    promised: dict[Any, Any] = dict(jobs)
    with redis.pipeline() as whole:
        whole.delete(PROMISED)
        whole.hset(PROMISED, mapping=promised)
        for job in promised:
            # A new one has the same patience as one that was just done.
            whole.hsetnx(KEPT, job, now.isoformat())
        whole.execute()


def kept(job: str, now: datetime) -> None:
    """The job has ended well. Never raises."""
    try:
        redis_client().hset(KEPT, job, now.isoformat())
    except RedisError as error:
        log.warning("heartbeat_not_kept", error=type(error).__name__)


def last(job: str = SWEEP) -> datetime | None:
    """When the job last ended well; None where nobody knows. Raises RedisError."""
    told = redis_client().hget(KEPT, job)
    return datetime.fromisoformat(told.decode()) if isinstance(told, bytes) else None


def late(now: datetime) -> list[str]:
    """The jobs that are overdue by PATIENCE, by name; where nobody keeps the timetable at all, the
    word timetable. Raises RedisError."""
    redis = redis_client()
    promised, done = _hash(redis, PROMISED), _hash(redis, KEPT)
    if not promised:
        return ["timetable"]
    return sorted(
        job.rpartition(".")[2]
        for job, seconds in promised.items()
        if now - datetime.fromisoformat(done[job]) > timedelta(seconds=int(seconds)) + PATIENCE
    )


def ages(now: datetime) -> dict[str, tuple[int, float]]:
    """Of each job of the timetable, by name: every so many seconds it is promised, and so many
    seconds ago it last ended well. Raises RedisError."""
    redis = redis_client()
    promised, done = _hash(redis, PROMISED), _hash(redis, KEPT)
    return {
        job.rpartition(".")[2]: (int(seconds), _ago(done[job], now))
        for job, seconds in sorted(promised.items())
    }


def _ago(moment: str, now: datetime) -> float:
    return max((now - datetime.fromisoformat(moment)).total_seconds(), 0.0)


def _hash(redis: Redis, key: str) -> dict[str, str]:
    told: dict[Any, Any] = redis.hgetall(key)
    return {job.decode(): value.decode() for job, value in told.items()}
