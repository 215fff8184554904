"""Publish and subscribe: what changed, told to the browsers that look at it (server-sent events).

An event only says where to look again; the page fetches the truth. One Redis listener a
process hands events to that process's streams, so a stream costs a queue and no connection.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from queue import Empty, Full, Queue
from time import monotonic
from typing import Any

import structlog
from redis import Redis, RedisError

from app.extensions import redis_client
from app.lib.message_status import MessageStatus
from app.metrics import requests_served

PREFIX = "live:"
# Said in place of a customer: the calendar is no longer what it was.
APPOINTMENTS = "appointments"
# Before a customer: a rule asks that somebody looks at their conversation.
ASKED_BY_RULE = "look-"
# Before a customer and a message of theirs: it went a step further, and nothing else changed.
MESSAGE = "message-"
# Before a customer: somebody began or ended looking at their conversation, or typing in it.
PRESENCE = "here-"
# Before a customer: they wrote, or rang in vain; whoever wants to hear of it does.
ARRIVED = "came-"
NOT_ARRIVED = (MessageStatus.CHECKING, MessageStatus.UNKNOWN, MessageStatus.FAILED)
# Said to a stream that nobody reads any more.
END = ""
# A browser that reads nothing for so many events gets a fresh look instead.
BACKLOG = 100
HEARTBEAT_SECONDS = 15
# A stream ends and is opened anew, so that whoever was signed out does not go on reading.
LIFETIME = timedelta(minutes=5)
RECONNECT_SECONDS = 1.0

log = structlog.get_logger()


class TooManyStreams(Exception):
    """This process serves as many streams as it can without starving requests or others."""


def publish(tenant_id: int, changed: int | str) -> None:
    """Say that a customer's conversation (their id) changed, or one of the words above. Never
    raises."""
    try:
        redis_client().publish(f"{PREFIX}{tenant_id}", str(changed))
    except RedisError as error:
        log.warning("live_silent", error=type(error).__name__)


def publish_step(tenant_id: int, customer_id: int, message_id: int, status: MessageStatus) -> None:
    """Say that a message of ours has reached the status; of one that did not arrive more is told
    than its own line. Never raises."""
    alone = f"{MESSAGE}{customer_id}-{message_id}"
    publish(tenant_id, customer_id if status in NOT_ARRIVED else alone)


@dataclass(frozen=True, eq=False)
class Stream:
    """What one page is to be told."""

    tenant_id: int
    user_id: int
    is_gone: Callable[[], bool]
    """Whether the page was closed; a stream itself notices when it speaks."""
    events: Queue[str] = field(default_factory=lambda: Queue(BACKLOG))


class Hub:
    """The streams of one process, and the thread that listens for them."""

    def __init__(self, redis: Redis, most: int, of_a_tenant: int, of_a_user: int) -> None:
        """How many streams there may be in all, and of one business or person among them."""
        self._redis = redis
        self._most, self._of_a_tenant, self._of_a_user = most, of_a_tenant, of_a_user
        self._streams: set[Stream] = set()
        self._lock = threading.Lock()
        self._listener: threading.Thread | None = None

    @contextmanager
    def subscribed(
        self, tenant_id: int, user_id: int, is_gone: Callable[[], bool] = lambda: False
    ) -> Iterator[Queue[str]]:
        """A queue of the customers of the tenant whose conversation changes.

        Raises TooManyStreams.
        """
        stream = Stream(tenant_id, user_id, is_gone)
        self._join(stream)
        try:
            yield stream.events
        finally:
            with self._lock:
                self._streams.discard(stream)
                requests_served.streams(len(self._streams))

    def _join(self, stream: Stream) -> None:
        with self._lock:
            if self._is_full_for(stream):
                self._end_those_that_are_gone()
            if self._is_full_for(stream):
                raise TooManyStreams
            self._streams.add(stream)
            requests_served.streams(len(self._streams))
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="live", daemon=True)
                self._listener.start()

    def _is_full_for(self, stream: Stream) -> bool:
        return (
            len(self._streams) >= self._most
            or sum(s.tenant_id == stream.tenant_id for s in self._streams) >= self._of_a_tenant
            or sum(s.user_id == stream.user_id for s in self._streams) >= self._of_a_user
        )

    def _end_those_that_are_gone(self) -> None:
        # Who goes from page to page leaves a stream behind with each, until its next heartbeat.
        for stream in [stream for stream in self._streams if stream.is_gone()]:
            self._streams.discard(stream)
            _put(stream.events, END)

    def _listen(self) -> None:
        while True:
            try:
                self._relay()
            except RedisError as error:
                if self._nobody_listens():
                    return
                log.warning("live_deaf", error=type(error).__name__)
                self._everybody("*")
                threading.Event().wait(RECONNECT_SECONDS)

    def _nobody_listens(self) -> bool:
        """Whether the listener can go; the next stream starts another."""
        with self._lock:
            if self._streams:
                return False
            self._listener = None
            return True

    def _relay(self) -> None:
        with self._redis.pubsub() as pubsub:  # type: ignore[no-untyped-call]
            pubsub.psubscribe(f"{PREFIX}*")
            for message in pubsub.listen():
                self._hand_on(message)

    def _hand_on(self, message: dict[str, Any]) -> None:
        if message["type"] == "psubscribe":
            # What was said while nobody listened is unknown: let every page look.
            self._everybody("*")
        elif message["type"] == "pmessage":
            tenant_id = int(message["channel"].decode().removeprefix(PREFIX))
            self._tell(tenant_id, message["data"].decode())

    def _everybody(self, event: str) -> None:
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            _put(stream.events, event)

    def _tell(self, tenant_id: int, event: str) -> None:
        with self._lock:
            streams = [stream for stream in self._streams if stream.tenant_id == tenant_id]
        for stream in streams:
            _put(stream.events, event)


def _put(events: Queue[str], event: str) -> None:
    try:
        events.put_nowait(event)
    except Full:
        with events.mutex:
            events.queue.clear()
        events.put_nowait("*")


def stream(
    hub: Hub,
    tenant_id: int,
    user_id: int,
    lifetime: timedelta = LIFETIME,
    is_gone: Callable[[], bool] = lambda: False,
) -> Iterator[str]:
    """The events as text/event-stream (WHATWG HTML, server-sent events), for so long at most.

    Each begins with a look at everything ("*"), so that nothing is missed between two streams.
    Raises TooManyStreams.
    """
    told = _told(hub.subscribed(tenant_id, user_id, is_gone), lifetime)
    # It joins now, while it can still be refused.
    next(told)
    return told


def _told(subscribed: AbstractContextManager[Queue[str]], lifetime: timedelta) -> Iterator[str]:
    with subscribed as events:
        yield "joined"
        yield "retry: 2000\ndata: *\n\n"
        ends = monotonic() + lifetime.total_seconds()
        while (left := ends - monotonic()) > 0:
            try:
                event = events.get(timeout=min(left, HEARTBEAT_SECONDS))
            except Empty:
                yield ": still here\n\n"
                continue
            if event == END:
                return
            yield f"data: {event}\n\n"
