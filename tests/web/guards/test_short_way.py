"""What is left out around Twilio's calls, live chats and the API, and that nothing else goes that
way."""

from flask import Flask

from app.web.guards.short_way import is_short
from tests.support import twilio
from tests.support.browser import Browser, visitor
from tests.support.world import Business


def test_webhooks_chats_and_the_api_go_the_short_way_and_nothing_else_does(app: Flask) -> None:
    short = {rule.endpoint for rule in app.url_map.iter_rules() if is_short(rule.rule)}
    known = ("webhooks.", "chat_", "api.", "api_docs.description")
    assert short == {name for name in app.view_functions if name.startswith(known)}


def test_an_answer_to_twilio_has_no_session_and_is_kept_by_nobody(
    salon: Business, garage: Business, staff: Browser
) -> None:
    for answer in (
        twilio.text(salon, "Hello"),
        twilio.post("/api/twilio/nobody/sms", twilio.payload("sms_in")),
        visitor().get("/api/twilio/salon/nothing"),
        # With a session that would be looked up and signed anew elsewhere.
        staff.get("/api/twilio/salon/sms"),
    ):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype in ("text/xml", "text/plain")
