"""Who of a business looks at a conversation just now, or types in it: told by their pages every few
seconds, kept in Redis until it lapses. It is for people's eyes and decides nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from redis import Redis, RedisError

from app import live
from app.extensions import redis_client

# So long after the last word a page is taken for gone; presence.js tells every 15 seconds.
LAPSES = timedelta(seconds=40)
# The KaiVox operator, who is no user of the business; and the customer themselves, in a live chat.
OPERATOR, VISITOR = 0, -1

log = structlog.get_logger()


class Doing(StrEnum):
    LOOKING = "looking"
    TYPING = "typing"
    GONE = "gone"


@dataclass(frozen=True)
class Present:
    user_id: int
    """OPERATOR, VISITOR: none of the business."""
    typing: bool


def tell(tenant_id: int, customer_id: int, user_id: int, doing: Doing, now: datetime) -> None:
    """Keep what the user does in the customer's conversation, and tell the open pages where that is
    something else than before. Never raises."""
    try:
        if _write(redis_client(), _key(tenant_id, customer_id), user_id, doing, now):
            live.publish(tenant_id, f"{live.PRESENCE}{customer_id}")
    except RedisError as error:
        log.warning("presence_unknown", error=type(error).__name__)


def others(tenant_id: int, customer_id: int, user_id: int, now: datetime) -> list[Present]:
    """Who else is there, by user id; nobody where Redis is away."""
    try:
        there = redis_client().zrangebyscore(_key(tenant_id, customer_id), now.timestamp(), "+inf")
    except RedisError as error:
        log.warning("presence_unknown", error=type(error).__name__)
        return []
    told = (str(member, "ascii").partition(":") for member in there)  # type: ignore[arg-type]
    found = {int(who): Present(int(who), doing == Doing.TYPING) for who, _, doing in told}
    return [found[who] for who in sorted(found) if who != user_id]


def forget(tenant_id: int, customer_id: int) -> None:
    """There is no such conversation any more. Raises RedisError."""
    redis_client().delete(_key(tenant_id, customer_id))


def _write(redis: Redis, key: str, user_id: int, doing: Doing, now: datetime) -> bool:
    """Whether it was something else before. Raises RedisError."""
    told, gone = f"{user_id}:{doing}", [f"{user_id}:{each}" for each in Doing if each is not doing]
    write = redis.pipeline()
    write.zremrangebyscore(key, "-inf", now.timestamp())
    write.zrem(key, *gone)
    if doing is not Doing.GONE:
        write.zadd(key, {told: (now + LAPSES).timestamp()})
        write.expire(key, LAPSES)
    _, ended, *begun = write.execute()
    return bool(ended or (begun and begun[0]))


def _key(tenant_id: int, customer_id: int) -> str:
    return f"presence:{tenant_id}:{customer_id}"
