"""Publish: what changed, told to the open pages by way of the streams (app/streams).

An event only says where to look again; the page fetches the truth.
"""

from typing import NamedTuple
from uuid import uuid4

import structlog
from redis import Redis, RedisError
from sqlalchemy import event

from app.extensions import db, redis_client
from app.lib.message_status import MessageStatus
from app.streams import pubsub

# Said in place of a customer: the calendar is no longer what it was.
APPOINTMENTS = "appointments"
# Likewise: somebody who works here was told something, or has read it.
NOTICES = "notices"
# Likewise: an export is further, ready or gone.
EXPORTS = "exports"
# Before a customer: a rule asks that somebody looks at their conversation.
ASKED_BY_RULE = "look-"
# Before a customer and a message of theirs: it went a step further, and nothing else changed.
MESSAGE = "message-"
# Before a customer: somebody began or ended looking at their conversation, or typing in it.
PRESENCE = "here-"
# A wait for Redis that is much shorter than our patience with it (factory.py), and how often.
ANSWER_SECONDS, ANSWER_TRIES = 0.1, 20
NOT_ARRIVED = (MessageStatus.CHECKING, MessageStatus.UNKNOWN, MessageStatus.FAILED)

log = structlog.get_logger()


class Step(NamedTuple):
    """Which status a message has reached."""

    tenant_id: int
    customer_id: int
    message_id: int
    status: MessageStatus


def publish(tenant_id: int, *changed: int | str) -> None:
    """Say that a customer's conversation (their id) changed, or one of the words above. Never
    raises."""
    _say(*((f"{pubsub.OF_A_TENANT}{tenant_id}", str(each)) for each in changed))


def arrival(redis: Redis, tenant_id: int, customer_id: int) -> None:
    """Say by that Redis, or pipeline, that a conversation changed and that its customer wrote or
    rang. Raises RedisError."""
    for changed in (str(customer_id), f"{pubsub.ARRIVED}{customer_id}"):
        redis.publish(f"{pubsub.OF_A_TENANT}{tenant_id}", changed)


def publish_steps(*steps: Step) -> None:
    """Say that messages of ours have reached a status; of one that did not arrive more is told than
    its own line. Never raises."""
    _say(*((f"{pubsub.OF_A_TENANT}{each.tenant_id}", _step(each)) for each in steps))


def _step(step: Step) -> str:
    alone = f"{MESSAGE}{step.customer_id}-{step.message_id}"
    return str(step.customer_id) if step.status in NOT_ARRIVED else alone


def end_streams(somebody: str) -> None:
    """End the streams of a session or a user (pubsub.py) once the transaction is committed: their
    pages ask for a new ticket, if they may have one."""
    # Of a session that is closed first, as after a rollback, nothing is left.
    event.listen(db.session(), "after_commit", lambda _: _say((pubsub.ENDED, somebody)), once=True)


def is_heard() -> bool:
    """Whether a process of the streams hears Redis and answers within two seconds: one that hangs
    stays subscribed. Raises RedisError."""
    redis, question = redis_client(), uuid4().hex
    if not redis.publish(pubsub.ASKED, question):
        return False
    answers = [pubsub.answers(question)]
    return any(redis.blpop(answers, ANSWER_SECONDS) for _ in range(ANSWER_TRIES))


def _say(*words: tuple[str, str]) -> None:
    """Each where it is to be heard, in one round trip."""
    try:
        with redis_client().pipeline(transaction=False) as pipe:
            for where, what in words:
                pipe.publish(where, what)
            pipe.execute()
    except RedisError as error:
        log.warning("live_silent", error=type(error).__name__)
