"""Whether Redis answers."""

from datetime import datetime

from redis import RedisError

from app.extensions import redis_client
from app.health.check import Check
from app.health.finding import Verdict, broken, ok

AWAY = "Redis does not answer: what comes in is stored, but nothing leaves and no page is live."


def look(now: datetime) -> Verdict:
    try:
        redis_client().ping()
    except RedisError:
        return broken(AWAY, "Start it, or put REDIS_URL right. Nothing is lost meanwhile.")
    return ok("Redis answers.")


CHECK = Check("redis", 20, "Whether Redis answers.", look)
