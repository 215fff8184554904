"""Open pages are told who wrote: at once, or by a thread that tells of many together."""

from collections.abc import Iterator

import pytest
from flask import Flask
from redis.client import PubSub

from app.extensions import redis_client
from app.inbound import arrived
from tests.support.world import Business


@pytest.fixture
def heard(app: Flask, salon: Business) -> Iterator[PubSub]:
    """What is said of the salon."""
    with redis_client().pubsub(ignore_subscribe_messages=False) as pubsub:
        pubsub.subscribe(f"live:{salon.id}")
        assert next(pubsub.listen())["type"] == "subscribe"
        yield pubsub


def said(heard: PubSub, count: int) -> list[str]:
    return [next(heard.listen())["data"].decode() for _ in range(count)]


@pytest.mark.parametrize("by_thread", [False, True])
def test_open_pages_of_the_business_hear_who_wrote(
    app: Flask, heard: PubSub, salon: Business, garage: Business, by_thread: bool
) -> None:
    if by_thread:
        arrived.begin(app.app_context)
    try:
        arrived.tell(garage.id, 777_000)
        for customer_id in (7, 8):
            arrived.tell(salon.id, customer_id)
    finally:
        arrived.end()
    # Whoever ends has told all; after that it is told at once again.
    arrived.tell(salon.id, 9)
    assert said(heard, 6) == ["7", "came-7", "8", "came-8", "9", "came-9"]


def test_who_writes_again_meanwhile_is_told_of_once(
    app: Flask, heard: PubSub, salon: Business
) -> None:
    for customer_id in (7, 7, 8, 7):
        arrived._queue.put((salon.id, customer_id))
    arrived.begin(app.app_context)
    arrived.end()
    arrived.tell(salon.id, 9)
    assert said(heard, 6) == ["7", "came-7", "8", "came-8", "9", "came-9"]
