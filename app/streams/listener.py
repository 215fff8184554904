"""The one subscription to Redis, for all streams of the process."""

import asyncio
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from app.lib.time.clock import now
from app.streams import pubsub
from app.streams.hub import Hub

# Where nothing was heard for so long, Redis is asked whether it is there; where it does not say so
# within PATIENCE it is gone, even if nobody has hung up: redis-py 8.1 would wait for ever.
QUIET_SECONDS = 1.0
PATIENCE_SECONDS = 3.0
RECONNECT_SECONDS = 1.0

log = structlog.get_logger()


async def listen(redis_url: str, hub: Hub) -> None:
    """Hand on what is published, for ever; the hub knows whether anything is heard."""
    while True:
        try:
            await _relay(redis_url, hub)
        except Exception as error:
            # Whatever it is, no page may wait in vain.
            hub.is_deaf()
            log.warning("live_deaf", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)


async def _relay(redis_url: str, hub: Hub) -> None:
    async with (
        Redis.from_url(redis_url, retry=Retry(NoBackoff(), 0)) as redis,
        redis.pubsub() as subscription,
    ):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await subscription.psubscribe(f"{pubsub.OF_A_TENANT}*")
            await subscription.subscribe(pubsub.ASKED, pubsub.ENDED)
        while True:
            message = await _next(subscription)
            if message["type"] == "message" and message["channel"].decode() == pubsub.ASKED:
                await _answer(message["data"].decode(), redis)
            else:
                _hand_on(message, hub)


async def _next(subscription: PubSub) -> dict[str, Any]:
    """What Redis says next. Raises TimeoutError where it says nothing at all."""
    message = await subscription.get_message(timeout=QUIET_SECONDS)
    if message is None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await subscription.ping()
            message = await subscription.get_message(timeout=PATIENCE_SECONDS)
    if message is None:
        raise TimeoutError
    return dict(message)


async def _answer(question: str, redis: Redis) -> None:
    """Say that we serve and hear. Raises TimeoutError, and RedisError."""
    answers = pubsub.answers(question)
    async with asyncio.timeout(PATIENCE_SECONDS), redis.pipeline() as whole:
        whole.rpush(answers, 1)
        whole.expire(answers, pubsub.ANSWER_SECONDS)
        await whole.execute()


def _hand_on(message: dict[str, Any], hub: Hub) -> None:
    match message["type"]:
        case "subscribe" if message["channel"].decode() == pubsub.ENDED:
            # The last that was asked for: from here on all is heard.
            hub.hears()
        case "message":
            hub.end(message["data"].decode(), now())
        case "pmessage":
            tenant_id = message["channel"].decode().removeprefix(pubsub.OF_A_TENANT)
            hub.tell(int(tenant_id), message["data"].decode())
