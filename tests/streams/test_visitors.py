"""Visitors of the live chat: they hear of their own chat alone, and never take staff's room."""

import asyncio
from contextlib import ExitStack

import pytest

from app.streams import pubsub
from app.streams.hub import Hub, Limits, TooManyStreams
from app.streams.stream import BEGIN, LOOK, Stream
from app.streams.ticket import LASTS, Ticket, issue, read
from tests.streams.test_hub import GARAGE, NOON, SALON, STAFF, Page, ticket

KEY = ["a-secret-of-the-tests"]


def visitors(session_id: int, customer_id: int, tenant_id: int = SALON) -> Ticket:
    return ticket(tenant_id, 0, session_id)._replace(customer_id=customer_id)


@pytest.fixture
def loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


def opened(hub: Hub, whose: Ticket, loop: asyncio.AbstractEventLoop, open_: ExitStack) -> Page:
    page = Page()
    open_.enter_context(hub.joined(Stream(whose, page, False, loop.create_future())))
    page.read = page.read.removeprefix(BEGIN)
    return page


def test_a_visitor_hears_that_their_own_chat_has_changed_and_no_more(
    loop: asyncio.AbstractEventLoop,
) -> None:
    hub = Hub(deaf=False)
    with ExitStack() as open_:
        ann = opened(hub, visitors(1, 7), loop, open_)
        new = opened(hub, visitors(2, 0), loop, open_)
        other = opened(hub, visitors(1, 7, GARAGE), loop, open_)
        staff = opened(hub, ticket(SALON, STAFF), loop, open_)
        for event in ("8", "77", "look-7", "came-7", "appointments", "message-77-7", "notices"):
            hub.tell(SALON, event)
        assert ann.read == new.read == other.read == b""
        for event in ("7", "message-7-99", "here-7", "*"):
            hub.tell(SALON, event)
        assert ann.read == LOOK * 4
        # What staff are told they are told whole.
        assert b"data: message-7-99\n" in staff.read
        told = staff.read
        hub.tell(SALON, pubsub.begun(2, 9))
        hub.tell(SALON, "9")
        assert new.read == LOOK * 3, "of all, of the beginning, and of what came after it"
        assert staff.read.removeprefix(told) == b"data: 9\n\n"
        hub.end(pubsub.visitor(1), NOON)
        assert len(hub) == 4, "each leaves by itself"
    assert len(hub) == 0
    loop.close()


def test_visitors_leave_room_for_staff_and_for_one_another(loop: asyncio.AbstractEventLoop) -> None:
    hub = Hub(Limits(of_all=12, of_a_tenants_visitors=3, of_a_visitor=2), deaf=False)
    with ExitStack() as open_:
        for session_id in (1, 1, 2):
            opened(hub, visitors(session_id, session_id), loop, open_)
        for too_many in (visitors(1, 1), visitors(3, 3)):
            with pytest.raises(TooManyStreams):
                hub.check(too_many)
        opened(hub, visitors(1, 1, GARAGE), loop, open_)
        # A third of all is theirs.
        with pytest.raises(TooManyStreams):
            hub.check(visitors(9, 9, GARAGE))
        hub.check(ticket(SALON, STAFF))
    loop.close()


def test_a_ticket_of_a_release_before_is_one_of_staffs() -> None:
    own = visitors(1, 7)
    assert read(KEY, issue(KEY, own), NOON) == own
    assert read(KEY, issue(KEY, ticket(SALON, STAFF)), NOON + LASTS / 2).customer_id is None
