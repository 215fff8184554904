"""Who is told what, how many there may be, and whoever falls behind."""

import asyncio
import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from app.streams import pubsub
from app.streams.hub import Hub, Limits, TooManyStreams
from app.streams.stream import MOST_UNREAD, Stream
from app.streams.ticket import Ticket

Make = Callable[..., Stream]

NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
SALON, GARAGE = 1, 2
STAFF, COLLEAGUE, STRANGER = 1, 2, 3


class Page(asyncio.Transport):
    """Where a stream is written to."""

    def __init__(self) -> None:
        super().__init__()
        self.read, self.unread, self.gone = b"", 0, False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.read += data

    def get_write_buffer_size(self) -> int:
        return self.unread

    def abort(self) -> None:
        self.gone = True


def ticket(tenant_id: int, user_id: int, session_id: int = 1) -> Ticket:
    return Ticket(
        tenant_id, user_id, session_id, NOON + timedelta(days=1), NOON, "http://localhost"
    )


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def stream(loop: asyncio.AbstractEventLoop) -> Make:
    def made(tenant_id: int, user_id: int, session_id: int = 1) -> Stream:
        return Stream(ticket(tenant_id, user_id, session_id), Page(), False, loop.create_future())

    return made


def read(stream: Stream) -> bytes:
    """What came to the page after it had looked at everything."""
    assert isinstance(stream.transport, Page)
    return stream.transport.read.removeprefix(b"retry: 2000\ndata: *\n\n")


def hearing(**limits: int) -> Hub:
    hub = Hub(Limits(**limits))
    hub.hears()
    return hub


def test_streams_are_capped_for_a_person_a_business_and_all(stream: Make) -> None:
    hub = hearing(of_all=3, of_a_tenant=2, of_a_user=1)

    def is_full_for(tenant_id: int, user_id: int) -> bool:
        try:
            hub.check(ticket(tenant_id, user_id))
        except TooManyStreams:
            return True
        return False

    with hub.joined(stream(SALON, STAFF)):
        assert is_full_for(SALON, STAFF) and not is_full_for(SALON, COLLEAGUE)
        with hub.joined(stream(SALON, COLLEAGUE)):
            assert is_full_for(SALON, 9) and not is_full_for(GARAGE, STRANGER)
            with hub.joined(stream(GARAGE, STRANGER)):
                assert is_full_for(3, 9)
    assert len(hub) == 0 and not is_full_for(SALON, STAFF)


def test_what_changed_is_told_to_its_business_alone(stream: Make) -> None:
    hub, ours, theirs = hearing(), stream(SALON, STAFF), stream(GARAGE, STRANGER)
    with hub.joined(ours), hub.joined(theirs):
        hub.tell(SALON, "7")
    hub.tell(SALON, "8")
    assert (read(ours), read(theirs)) == (b"data: 7\n\n", b""), "and nothing once it has left"


def test_whoever_sees_some_conversations_is_told_to_look_and_not_of_whom(
    stream: Make, loop: asyncio.AbstractEventLoop
) -> None:
    hub, all_, some = hearing(), stream(SALON, STAFF), stream(SALON, COLLEAGUE)
    some = dataclasses.replace(some, ticket=some.ticket._replace(names_nobody=True))
    with hub.joined(all_), hub.joined(some):
        for event in ("7", "message-7-31", "here-7", "look-7", "came-7", "appointments"):
            hub.tell(SALON, event)
        assert read(some) == b"data: came-\n\ndata: appointments\n\n"
        loop.run_until_complete(asyncio.sleep(0))
        [handle] = some._soon
        handle._run()
        hub.tell(SALON, "8")
    assert read(some).endswith(b"appointments\n\ndata: *\n\n") and len(some._soon) == 1
    assert b"message-7-31" in read(all_)


def test_whoever_does_not_read_is_hung_up_on_and_the_others_are_told(stream: Make) -> None:
    hub, asleep, awake = hearing(), stream(SALON, STAFF), stream(SALON, COLLEAGUE)
    with hub.joined(asleep), hub.joined(awake):
        cast(Page, asleep.transport).unread = MOST_UNREAD + 1
        hub.tell(SALON, "7")
    assert cast(Page, asleep.transport).gone and read(asleep) == b""
    assert read(awake) == b"data: 7\n\n"


def test_while_redis_is_not_heard_every_page_is_told_so_once(stream: Make) -> None:
    hub, before, meanwhile = hearing(), stream(SALON, STAFF), stream(GARAGE, STRANGER)
    deaf, look = b"event: deaf\ndata: *\n\n", b"data: *\n\n"
    with hub.joined(before):
        hub.is_deaf()
        hub.is_deaf()
        with hub.joined(meanwhile):
            hub.hears()
    assert (read(before), read(meanwhile)) == (deaf + look, deaf + look)


def test_an_end_is_of_a_session_or_a_person_and_of_tickets_of_before(stream: Make) -> None:
    hub = hearing()
    here, elsewhere, other = stream(SALON, STAFF, 1), stream(SALON, STAFF, 2), stream(GARAGE, 3, 3)
    with hub.joined(here), hub.joined(elsewhere), hub.joined(other):
        hub.end(pubsub.session(1), NOON + timedelta(seconds=1))
        assert [each.over.done() for each in (here, elsewhere, other)] == [True, False, False]
        hub.end(pubsub.user(STAFF), NOON + timedelta(seconds=1))
        assert [each.over.done() for each in (here, elsewhere, other)] == [True, True, False]
    fresh = ticket(SALON, STAFF)._replace(issued_at=NOON + timedelta(seconds=2))
    assert hub.has_ended(ticket(SALON, STAFF)) and not hub.has_ended(fresh)
    assert not hub.has_ended(ticket(GARAGE, STRANGER, 3))
