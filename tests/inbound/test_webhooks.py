from tests.support import twilio
from tests.support.browser import Browser
from tests.support.world import Business


def test_a_customers_text_is_in_the_inbox(salon: Business, staff: Browser) -> None:
    answer = twilio.text(salon, "Is tomorrow free?")
    assert answer.status_code == 200
    assert "<Response/>" in answer.text
    assert "Is tomorrow free?" in staff.get("/messages").text
