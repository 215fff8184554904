"""A hostile tenant hears nothing of another's; what it asks for is tried by test_hostile.py."""

from app import live
from tests.support.browser import Browser
from tests.support.streams import Streams
from tests.support.world import Business


def test_the_live_stream_tells_of_our_customers_only(
    streams: Streams, salon: Business, garage: Business, staff: Browser
) -> None:
    answer = staff.get("/live")
    assert answer.mimetype == "text/event-stream"
    events = iter(answer.response)
    heard = [next(events)]
    # Ours come after each of theirs, so that a wrong one would have been heard before.
    while not any(str(salon.customer_id) in str(event) for event in heard):
        live.publish(garage.id, 777_000)
        live.publish(salon.id, salon.customer_id)
        heard.append(next(events))
    answer.close()
    assert "777000" not in str(heard)
