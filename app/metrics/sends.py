"""What came of each attempt to send: counted in Redis, as workers send, on whatever host, and a web
process is asked."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import structlog
from redis import RedisError

from app.extensions import redis_client

KEY = "metrics:sends"

log = structlog.get_logger()


class Result(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETRY = "retry"
    """Certainly not sent; it is tried again, or waits for its sender."""
    UNKNOWN = "unknown"
    """Perhaps sent: it is looked for."""


class Count(NamedTuple):
    channel: str
    result: str
    sends: int


def sent(result: Result, *channels: str) -> None:
    """Count one by each of the channels. Never raises."""
    try:
        with redis_client().pipeline(transaction=False) as pipe:
            for channel, count in Counter(channels).items():
                pipe.hincrby(KEY, f"{channel} {result}", count)
            pipe.execute()
    except RedisError as error:
        log.warning("send_not_counted", error=type(error).__name__)


def counted() -> Iterator[Count]:
    """Since Redis was empty. Raises RedisError."""
    told: dict[bytes, bytes] = redis_client().hgetall(KEY)  # type: ignore[assignment]
    for field, count in sorted(told.items()):
        channel, _, result = field.decode().partition(" ")
        yield Count(channel, result, int(count))
