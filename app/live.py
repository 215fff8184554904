"""What changed, told to the browsers that look at it (server-sent events).

An event only says where to look again; the page fetches the truth. One Redis listener a
process hands events to that process's streams, so a stream costs a queue and no connection.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import Empty, Full, Queue
from time import monotonic
from typing import Any

import structlog
from redis import Redis, RedisError

from app.extensions import doorbell

PREFIX = "live:"
# Said in place of a customer: the calendar is no longer what it was.
APPOINTMENTS = "appointments"
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
    """Say that a customer's conversation (their id) changed, or APPOINTMENTS. Never raises."""
    try:
        doorbell().publish(f"{PREFIX}{tenant_id}", str(changed))
    except RedisError as error:
        log.warning("live_silent", error=type(error).__name__)


class Hub:
    """The streams of one process, and the thread that listens for them."""

    def __init__(self, redis: Redis, most: int, of_a_tenant: int, of_a_user: int) -> None:
        """How many streams there may be in all, and of one business or person among them."""
        self._redis = redis
        self._most, self._of_a_tenant, self._of_a_user = most, of_a_tenant, of_a_user
        self._streams: defaultdict[int, set[Queue[str]]] = defaultdict(set)
        self._users: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._listener: threading.Thread | None = None

    @contextmanager
    def subscribed(self, tenant_id: int, user_id: int) -> Iterator[Queue[str]]:
        """A queue of the customers of the tenant whose conversation changes.

        Raises TooManyStreams.
        """
        events: Queue[str] = Queue(BACKLOG)
        self._join(tenant_id, user_id, events)
        try:
            yield events
        finally:
            with self._lock:
                self._streams[tenant_id].discard(events)
                self._users -= Counter({user_id: 1})

    def _join(self, tenant_id: int, user_id: int, events: Queue[str]) -> None:
        with self._lock:
            if self._full_for(tenant_id, user_id):
                raise TooManyStreams
            self._streams[tenant_id].add(events)
            self._users[user_id] += 1
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="live", daemon=True)
                self._listener.start()

    def _full_for(self, tenant_id: int, user_id: int) -> bool:
        return (
            sum(map(len, self._streams.values())) >= self._most
            or len(self._streams[tenant_id]) >= self._of_a_tenant
            or self._users[user_id] >= self._of_a_user
        )

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
            if any(self._streams.values()):
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
        for tenant_id in list(self._streams):
            self._tell(tenant_id, event)

    def _tell(self, tenant_id: int, event: str) -> None:
        with self._lock:
            streams = list(self._streams[tenant_id])
        for events in streams:
            _put(events, event)


def _put(events: Queue[str], event: str) -> None:
    try:
        events.put_nowait(event)
    except Full:
        with events.mutex:
            events.queue.clear()
        events.put_nowait("*")


def stream(hub: Hub, tenant_id: int, user_id: int, lifetime: timedelta = LIFETIME) -> Iterator[str]:
    """The events as text/event-stream (WHATWG HTML, server-sent events), for so long at most.

    Raises TooManyStreams.

    Each begins with a look at everything ("*"), so that nothing is missed between two streams.
    """
    events = _events(hub, tenant_id, user_id, lifetime)
    # It joins now, while it can still be refused.
    next(events)
    return events


def _events(hub: Hub, tenant_id: int, user_id: int, lifetime: timedelta) -> Iterator[str]:
    with hub.subscribed(tenant_id, user_id) as events:
        yield "joined"
        yield "retry: 2000\ndata: *\n\n"
        end = monotonic() + lifetime.total_seconds()
        while (left := end - monotonic()) > 0:
            try:
                yield f"data: {events.get(timeout=min(left, HEARTBEAT_SECONDS))}\n\n"
            except Empty:
                yield ": still here\n\n"
