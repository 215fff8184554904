"""A message that did not arrive is seen in the list until staff have dealt with it."""

from datetime import timedelta

from sqlalchemy import select, update

from app.extensions import db, redis_client
from app.inbox import failures
from app.inbox.conversations import Filter
from app.inbox.list_views import View
from app.inbox.lists.conversation_counts import counts
from app.lib.message_status import MessageStatus
from app.models import Message
from app.outbox.compose.ledger import enter
from app.outbox.queue.expiry import refuse_late
from app.streams.pubsub import OF_A_TENANT
from app.tenancy import tenant_scope
from tests.outbox.settle.test_delivery_report import report
from tests.support.browser import Browser
from tests.support.queries import rows_read_by
from tests.support.world import NOON, Business, hear, say, sid

MARK = "Message failed</span>"


def fail(business: Business, body: str = "See you at two") -> int:
    return say(business, body, status=MessageStatus.FAILED)


def marked(browser: Browser) -> bool:
    """Whether the list shows the customer's mark, counts one, and the filter finds it."""
    page = browser.get("/messages?part=list").text
    found = {
        MARK in page,
        ", 1 failed</span>" in page,
        "Ann Salon" in browser.get("/messages?failed=1&part=list").text,
    }
    assert len(found) == 1, page
    return found.pop()


def test_who_did_not_get_a_message_is_marked_counted_and_found(
    salon: Business, garage: Business, staff: Browser
) -> None:
    fail(garage)
    hear(salon, "Somebody else", number="+13475550001", name="Wanda Werner")
    assert not marked(staff)
    fail(salon)
    say(salon, "And this one arrived", status=MessageStatus.DELIVERED)
    assert marked(staff)
    assert "Wanda" not in staff.get("/messages?failed=1&part=list").text
    assert "Ann Garage" not in staff.get("/messages?failed=1").text
    inbox = staff.get("/messages", headers={"Accept": "application/json"}).json
    assert inbox and inbox["counts"]["failed"] == 1
    by_name = {row["name"]: row["failed"] for row in inbox["conversations"]}
    assert by_name == {"Ann Salon": "failed", "Wanda Werner": None}


def test_what_may_not_have_arrived_is_marked_as_such(salon: Business, staff: Browser) -> None:
    say(salon, "Perhaps", status=MessageStatus.UNKNOWN)
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert page.count("Message not confirmed") == 2
    assert MARK not in page


def test_the_mark_stays_while_the_customer_writes_and_goes_when_staff_answer(
    salon: Business, staff: Browser
) -> None:
    fail(salon)
    hear(salon, "Are we still on?")
    assert marked(staff)
    values = {"customer_id": salon.customer_id, "channel": "sms", "body": "We are"}
    assert staff.post("/messages/send", data=values).status_code == 302
    assert not marked(staff)


def test_the_mark_goes_when_the_message_is_tried_again(salon: Business, staff: Browser) -> None:
    id_ = fail(salon)
    staff.post(f"/messages/{salon.customer_id}/{id_}/again")
    assert not marked(staff)


def test_the_mark_goes_when_it_arrived_after_all(salon: Business, staff: Browser) -> None:
    ours = sid()
    say(salon, "Hello", status=MessageStatus.FAILED, provider_sid=ours)
    assert marked(staff)
    report(salon, ours, "delivered")
    assert not marked(staff)


def test_done_dismisses_what_was_seen_and_nothing_that_fails_later(
    salon: Business, garage: Business, staff: Browser
) -> None:
    seen, theirs = fail(salon), fail(garage)
    thread = f"/messages/{salon.customer_id}"
    assert f'formaction="{thread}/dismiss/{seen}"' in staff.get(thread).text
    later = fail(salon, "See you at three")
    assert staff.post(f"{thread}/dismiss/{seen}").status_code == 302
    assert marked(staff)
    staff.post(f"{thread}/dismiss/{later}")
    assert not marked(staff)
    assert "/dismiss/" not in staff.get(thread).text
    for id_ in (theirs, 10**18):
        assert staff.post(f"{thread}/dismiss/{id_}").status_code == 404
        assert staff.post(f"/messages/{garage.customer_id}/dismiss/{id_}").status_code == 404
    with tenant_scope(garage.id):
        assert counts([Filter(View.FAILED)]) == [1]


def test_what_goes_by_itself_once_more_takes_the_mark_of_its_own_message_alone(
    salon: Business, staff: Browser
) -> None:
    first, other = fail(salon), fail(salon, "Your receipt")
    with tenant_scope(salon.id):
        again = db.session.get_one(Message, first)
        enter(
            Message(
                customer_id=again.customer_id,
                channel="sms",
                direction="outbound",
                status=MessageStatus.QUEUED,
                body=again.body,
                sender=again.sender,
                recipient=again.recipient,
                created_at=NOON,
                again_of_id=first,
            )
        )
        db.session.commit()
        waiting = db.session.scalars(select(Message.id).where(Message.not_arrived())).all()
    assert waiting == [other]


def test_what_failed_by_waiting_is_told_to_the_open_pages(salon: Business, staff: Browser) -> None:
    id_ = say(salon, "Soon", status=MessageStatus.QUEUED)
    with tenant_scope(salon.id):
        db.session.execute(update(Message).where(Message.id == id_).values(not_after=NOON))
        db.session.commit()
    with redis_client().pubsub() as listener:
        listener.subscribe(f"{OF_A_TENANT}{salon.id}")
        assert listener.get_message(timeout=5)["type"] == "subscribe"
        refuse_late(NOON + timedelta(minutes=1))
        assert listener.get_message(timeout=5)["data"] == str(salon.customer_id).encode()
    assert marked(staff)


def test_what_arrived_costs_the_question_nothing(salon: Business) -> None:
    for number in range(60):
        say(salon, f"Arrived {number}", status=MessageStatus.DELIVERED)
    fail(salon)
    with tenant_scope(salon.id):
        assert rows_read_by(lambda: failures.last(salon.customer_id), "message") <= 2
