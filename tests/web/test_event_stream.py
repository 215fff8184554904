"""The web's part in the streams: tickets, and a few streams by way of its own port."""

import pytest

from app.extensions import db
from app.servers.kept import free_port
from app.streams import door
from app.web import stream_relay
from tests.support.browser import Browser, visitor
from tests.support.streams import Streams
from tests.support.world import Business


def test_a_page_may_connect_to_the_door_that_its_ticket_opens(
    salon: Business, staff: Browser
) -> None:
    answer = staff.get("/live/ticket", base_url="http://localhost:8000")
    origin = door.origin(answer.json["url"])
    assert origin.startswith("http://localhost:") and not origin.endswith(":8000")
    page = staff.get("/messages", base_url="http://localhost:8000")
    assert f"connect-src 'self' {origin};" in page.headers["Content-Security-Policy"]
    for path in ("/live", "/live/ticket"):
        assert visitor().get(path).status_code == 401
        assert staff.get(f"{path}?business=999").status_code == 409


def test_a_program_has_its_stream_from_the_web_which_holds_no_database_connection(
    streams: Streams, salon: Business, staff: Browser
) -> None:
    db.session.remove()
    answer = staff.client.get("/live", buffered=False)
    assert answer.mimetype == "text/event-stream"
    assert next(answer.response) == b"retry: 2000\ndata: *\n\n"
    assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    answer.close()


def test_beyond_a_few_they_are_sent_to_the_door(
    streams: Streams, salon: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(stream_relay.MOST + 1):
        assert staff.client.get("/live", buffered=False).close() is None
    held = [staff.client.get("/live", buffered=False) for _ in range(stream_relay.MOST)]
    answer = staff.get("/live")
    assert answer.status_code == 307
    assert (
        answer.location.partition("?")[0] == staff.get("/live/ticket").json["url"].partition("?")[0]
    )
    for each in held:
        each.close()


def test_a_full_house_and_streams_that_are_away_are_503_so_that_the_page_looks_by_itself(
    streams: Streams, salon: Business, staff: Browser
) -> None:
    refused = f"{door.PATH}?ticket=none"
    with pytest.raises(stream_relay.Refused):
        stream_relay.relay(("127.0.0.1", streams.port), refused)
    with pytest.raises(OSError, match="refused"):
        stream_relay.relay(("127.0.0.1", free_port()), refused)
