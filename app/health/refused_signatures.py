"""Webhooks that were refused of late, as their signature was wrong: counted in Redis, so that
nobody whom we do not know writes a row."""

from enum import StrEnum

import structlog
from redis import RedisError

from app.extensions import redis_client

LATELY_SECONDS = 86_400

log = structlog.get_logger()


class Cause(StrEnum):
    ADDRESS = "address"
    """Truly signed, but for another address than ours: https and http, or another host."""
    TOKEN = "token"  # noqa: S105
    """Signed by nobody whom we know."""


def refused(tenant_id: int, cause: Cause) -> None:
    """Count one. Never raises."""
    try:
        with redis_client().pipeline() as pipe:
            pipe.incr(_key(tenant_id, cause))
            pipe.expire(_key(tenant_id, cause), LATELY_SECONDS, nx=True)
            pipe.execute()
    except RedisError as error:
        log.warning("refusal_not_counted", error=type(error).__name__)


def lately(tenant_id: int, cause: Cause) -> int:
    """How many there were, within a day at most. Raises RedisError."""
    told = redis_client().get(_key(tenant_id, cause))
    return int(told) if isinstance(told, bytes) else 0


def _key(tenant_id: int, cause: Cause) -> str:
    return f"refused-signatures:{tenant_id}:{cause}"
