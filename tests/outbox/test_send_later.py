"""Send later: a message waits as a row of its own, goes once, and by what holds at its time."""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db, redis_client
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import Conversation, Media, Message, ScheduledMessage
from app.outbox import send_later
from app.outbox.drain import drain
from app.tenancy import tenant_scope
from tests.outbox.compose.test_attachments import PNG
from tests.outbox.compose.test_drafts import JSON, keep, kept, page, send, upload
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.world import Business, hear, say

HOUR = timedelta(hours=1)


def schedule(browser: Browser, business: Business, body: str = "See you", **more: Any) -> Any:
    at = (now() + HOUR).isoformat()
    return send(browser, business, body=body, **({"send_at": at} | more))


def change(browser: Browser, business: Business, id_: int, what: str, **form: Any) -> Any:
    path = f"/messages/{business.customer_id}/scheduled/{id_}/{what}"
    return browser.post(path, data=form, headers=JSON)


def messages(business: Business) -> list[Message]:
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(Message).where(Message.direction == "outbound").order_by(Message.id)
        return list(db.session.scalars(query))


def preview(business: Business) -> str:
    with tenant_scope(business.id):
        return db.session.scalars(select(Conversation.preview)).one()


def test_it_waits_outside_of_the_conversation_and_goes_once(
    twilio: Carrier, salon: Business, garage: Business, staff: Browser
) -> None:
    keep(staff, salon, "See you")
    file = upload(staff, salon, "cut.png", PNG).json["id"]
    made = [schedule(staff, salon, client_token="once", file_ids=[file]) for _ in range(2)]
    assert {answer.status_code for answer in made} == {201}
    assert len({answer.json["scheduled"]["id"] for answer in made}) == 1
    assert kept(salon) == ([], []), "the draft is none any more"
    assert send(staff, salon, body="See you", client_token="once").status_code == 422
    before = preview(salon)
    assert "Goes out" in page(staff, salon) and before == "Hello from salon"
    assert "See you" in staff.get("/messages/scheduled").text
    assert "See you" not in Browser(garage.staff).get("/messages/scheduled").text

    assert send_later.send_due(now()) == 0
    assert (send_later.send_due(now() + HOUR), send_later.send_due(now() + HOUR)) == (1, 0)
    drain(now() + HOUR)
    [sent] = twilio.sent(salon.customer_number)
    assert (sent["body"], len(sent["media_urls"])) == ("See you", 1)
    assert preview(salon) == "See you"
    assert schedule(staff, salon, client_token="once").json["id"] == messages(salon)[0].id
    with tenant_scope(salon.id):
        assert db.session.scalars(select(Media.name).where(Media.url == "")).all() == ["cut.png"]


def test_whoever_says_stop_meanwhile_gets_nothing(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    schedule(staff, salon)
    hear(salon, "STOP", at=now())
    assert send_later.send_due(now() + HOUR) == 1
    drain(now() + 2 * HOUR)
    [message] = messages(salon)
    assert message.status is MessageStatus.FAILED and "STOP" in str(message.error)
    assert twilio.sent(salon.customer_number) == []
    assert "Try again" in page(staff, salon)


def test_each_business_has_its_turn_and_what_is_left_is_enqueued(
    salon: Business, garage: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = [schedule(Browser(garage.staff), garage, f"Theirs {n}") for n in range(3)]
    assert {answer.status_code for answer in theirs} == {201}
    schedule(staff, salon)
    with monkeypatch.context() as patched:
        patched.setattr(send_later, "TIME_SLICE", timedelta(0))
        redis_client().flushdb()
        assert send_later.send_due(now() + HOUR) == 1
        assert redis_client().keys("rq:job:*") != [], "the others are next"
    assert send_later.send_due(now() + HOUR) == 3
    of_theirs, [ours] = messages(garage), messages(salon)
    assert [message.body for message in of_theirs] == ["Theirs 0", "Theirs 1", "Theirs 2"]
    assert of_theirs[0].id < ours.id < of_theirs[2].id


def test_whoever_may_want_no_more_gets_nothing_until_somebody_has_decided(
    twilio: Carrier, salon: Business, garage: Business, staff: Browser
) -> None:
    id_ = schedule(staff, salon).json["scheduled"]["id"]
    schedule(Browser(garage.staff), garage, "Theirs goes")
    hear(salon, "Please stop texting me", at=now())
    assert send_later.send_due(now() + HOUR) == 1, "the strangers' alone"
    assert messages(salon) == []
    assert change(staff, salon, id_, "now").status_code == 422
    assert "Waits until you decide" in page(staff, salon)
    assert "May want no more messages</span>" in staff.get("/messages/scheduled").text
    asking = page(staff, salon).split("/stop-asked/")[1].split("/")[0]
    staff.post(f"/messages/{salon.customer_id}/stop-asked/{asking}/keep")
    assert [send_later.send_due(now() + HOUR) for _ in range(2)] == [1, 0]
    assert [message.body for message in messages(salon)] == ["See you"]


def test_whoever_lets_it_go_later_is_told_that_the_window_is_closed_by_then(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    hear(salon, "Hello", channel="whatsapp", at=now())
    soon, late = (now() + HOUR).isoformat(), (now() + 30 * HOUR).isoformat()
    said = [
        schedule(staff, salon, channel="whatsapp", send_at=at).json["said"] for at in (soon, late)
    ]
    assert "24 hours" not in said[0] and "24 hours are over by then" in said[1]
    assert "24 hours" not in schedule(staff, salon, send_at=late).json["said"]


def test_posted_for_now_and_for_later_at_once_it_goes_once(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    id_ = schedule(staff, salon, client_token="once").json["scheduled"]["id"]
    # The other of the two saw nothing of this one yet.
    other = say(salon, "See you", at=now())
    with tenant_scope(salon.id):
        db.session.get_one(Message, other).client_token = "posted-once"
        db.session.commit()
    assert [send_later.send_due(now() + HOUR) for _ in range(2)] == [1, 0]
    assert [message.body for message in messages(salon)] == ["See you"]
    late = change(staff, salon, id_, "time", send_at=(now() + HOUR).isoformat())
    assert (late.status_code, late.json) == (404, {"error": send_later.GONE})


def test_hours_after_its_time_a_person_decides(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    """Our workers were away: «See you in an hour» would come in the night."""
    for body in ("In time", "Too late"):
        schedule(staff, salon, body)
        assert send_later.send_due(now() + (4 if body == "In time" else 5) * HOUR - HOUR / 60) == 1
    drain(now() + 5 * HOUR)
    assert [each["body"] for each in twilio.sent(salon.customer_number)] == ["In time"]
    assert messages(salon)[1].status is MessageStatus.FAILED
    assert "too late for it to go by itself" in page(staff, salon)


def test_it_is_changed_edited_and_called_off(
    salon: Business, garage: Business, staff: Browser
) -> None:
    ids = [schedule(staff, salon, f"Text {n}").json["scheduled"]["id"] for n in range(3)]
    for stranger, owner in ((Browser(garage.staff), salon), (staff, garage)):
        assert change(stranger, owner, ids[0], "cancel").status_code == 404
    sooner = (now() + timedelta(minutes=30)).isoformat()
    assert change(staff, salon, ids[0], "time", send_at=sooner).status_code == 200
    assert change(staff, salon, ids[1], "cancel").json == {"draft": None}
    file = {"channel": "sms", "subject": "", "files": []}
    assert change(staff, salon, ids[2], "edit").json == {"draft": {"body": "Text 2", **file}}
    assert kept(salon)[0] == ["Text 2"]
    assert send_later.send_due(now() + timedelta(minutes=31)) == 1
    assert [message.body for message in messages(salon)] == ["Text 0"]
    assert change(staff, salon, ids[1], "edit").status_code == 404


@pytest.mark.parametrize(
    ("send_at", "says"),
    [
        ("2020-01-01T10:00", "over already"),
        ("2100-01-01T10:00", "within a year"),
        ("soon", "Choose a day and a time"),
        ("2027-03-14T02:30", "clocks go forward"),
    ],
)
def test_a_time_that_cannot_be_is_refused_and_the_text_kept(
    salon: Business, staff: Browser, send_at: str, says: str
) -> None:
    form = {"customer_id": salon.customer_id, "channel": "sms", "body": "Hi", "send_at": send_at}
    refused = staff.post("/messages/send", data=form)
    assert refused.status_code == 422 and says in refused.text and "Hi</textarea>" in refused.text
    with tenant_scope(salon.id):
        mine = select(ScheduledMessage).where(ScheduledMessage.body == "Hi")
        assert db.session.scalars(mine).all() == []


def test_what_a_page_offers_is_the_time_that_it_shows(salon: Business, staff: Browser) -> None:
    """However long it was open: by tomorrow, Tomorrow is another day."""
    offered = re.findall(r'name="send_at" value="([^"]+)">Tomorrow', page(staff, salon))[0]
    told = schedule(staff, salon, send_at=html.unescape(offered)).json["scheduled"]
    assert datetime.fromisoformat(told["send_at"]) == datetime.fromisoformat(html.unescape(offered))


def test_a_wall_time_is_the_businesss(salon: Business, staff: Browser) -> None:
    told = schedule(staff, salon, send_at="2027-01-15T09:30").json["scheduled"]
    assert told["send_at"] == "2027-01-15T14:30:00+00:00"
