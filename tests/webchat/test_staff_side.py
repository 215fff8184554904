"""Staff see where a visitor is, and go on by text or email with who has left, if they said how."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import ConsentEvent, ContactPoint, Message
from app.outbox.queue.opt_out import stop_by_link
from app.tenancy import tenant_scope
from app.webchat.transcript import MOST_AN_HOUR
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.visitors import Visitor, let_leave, switch_on
from tests.support.world import NOON, Business

PHONE = "+12125550177"
LINK = "Look: https://evil.example/x"


@pytest.fixture
def ann(salon: Business, garage: Business) -> Visitor:
    for each in (salon, garage):
        switch_on(each)
    visitor = Visitor(
        salon, page_url="https://www.salon.example/prices?key=1", page_title="<Prices>"
    )
    visitor.write(LINK, name="Ann", phone=PHONE, email="ann@visitor.test")
    return visitor


def who(salon: Business) -> int:
    with tenant_scope(salon.id):
        found = db.session.scalars(select(Message.customer_id).where(Message.body == LINK)).one()
        db.session.rollback()
    return found


def reached(salon: Business, customer_id: int) -> set[str]:
    with tenant_scope(salon.id):
        db.session.rollback()
        points = select(ContactPoint.channel).where(ContactPoint.customer_id == customer_id)
        return set(db.session.scalars(points))


def test_staff_see_the_page_and_whether_the_visitor_is_there_and_each_sees_the_other_type(
    salon: Business, ann: Visitor, staff: Browser
) -> None:
    id_ = who(salon)
    page = staff.get(f"/messages/{id_}").text
    assert "Left the chat" in page and "&lt;Prices&gt;" in page and "key=1" not in page
    ann.post("/presence", doing="typing")
    assert "In the chat now" in staff.get(f"/messages/{id_}?part=channels").text
    told = staff.post(f"/messages/{id_}/presence", data={"doing": "typing"}).json
    assert told["said"] == "The customer is typing…"
    assert ann.feed()["typing"] is True
    texts = staff.get(f"/messages/{id_}/texts?channel=webchat").json["texts"]
    assert "Hello Ann" in [each["text"] for each in texts], "canned replies are at hand"


def test_who_has_left_is_answered_by_text_and_the_ledger_says_why(
    salon: Business, garage: Business, ann: Visitor, staff: Browser
) -> None:
    id_ = who(salon)
    assert "Answer by text: (212) 555-0177" in staff.get(f"/messages/{id_}").text
    there = f"/messages/{id_}/chat/hand-over"
    assert staff.post(there, json={"channel": "sms"}).status_code == 200
    assert staff.post(there, json={"channel": "sms"}).status_code == 200, (
        "pressed twice, it is once"
    )
    assert reached(salon, id_) == {"webchat", "sms"}
    with tenant_scope(salon.id):
        kept = select(ConsentEvent.said, ConsentEvent.source, ConsentEvent.channel)
        found = db.session.execute(kept.where(ConsentEvent.address == PHONE)).all()
        assert [tuple(row) for row in found] == [("start", "chat", "sms")]
    sent = staff.post(
        "/messages/send", json={"customer_id": id_, "channel": "sms", "body": "We have it by six"}
    )
    assert sent.status_code in (200, 201), sent.text
    assert ann.sees() == [("visitor", LINK)], "it is no part of the chat"


def test_nobody_is_written_to_who_said_stop_or_is_somebody_else(
    salon: Business, ann: Visitor, staff: Browser
) -> None:
    id_ = who(salon)
    there = f"/messages/{id_}/chat/hand-over"
    with tenant_scope(salon.id):
        stop_by_link("sms", PHONE, None, NOON)
        db.session.commit()
    assert staff.post(there, json={"channel": "sms"}).status_code == 422
    ann.write("Or here", email="ann@salon.test")
    refused = staff.post(there, json={"channel": "email"})
    assert refused.status_code == 422 and "belongs to another customer" in refused.json["error"]
    assert reached(salon, id_) == {"webchat"}
    assert staff.post(there, json={"channel": "fax"}).status_code == 422
    assert staff.post(f"/messages/{salon.customer_id}/chat/hand-over", json={}).status_code == 422


def test_a_transcript_goes_to_an_address_on_file_alone_and_not_without_end(
    post: Mailboxes, salon: Business, ann: Visitor, staff: Browser
) -> None:
    id_ = who(salon)
    there = f"/messages/{id_}/chat/transcript"
    # What a visitor has typed is no address on file.
    assert staff.post(there, json={}).status_code == 422
    staff.post(f"/messages/{id_}/chat/hand-over", json={"channel": "email"})
    staff.post("/messages/send", json={"customer_id": id_, "channel": "webchat", "body": "Done"})
    let_leave()
    assert staff.post(there, json={}).status_code == 201
    assert staff.post(there, json={}).status_code == 422, "nothing was said since"
    with tenant_scope(salon.id):
        db.session.rollback()
        mail = db.session.scalars(select(Message).where(Message.channel == "email")).one()
        assert mail.recipient == "ann@visitor.test"
        assert mail.subject == "Your chat with Bella's Salon" and mail.html is None
        assert "https: //evil.example/x" in mail.body and mail.body.endswith("Done")
        db.session.rollback()
    let_leave()
    [came] = post.emails("ann@visitor.test")
    assert came.header("Auto-Submitted") == "auto-generated"
    assert "hello@salon.test" in came.header("Reply-To"), "an answer comes back"
    codes = []
    for number in range(MOST_AN_HOUR):
        ann.write(f"And {number}?")
        codes.append(staff.post(there, json={}).status_code)
    assert codes == [201] * (MOST_AN_HOUR - 1) + [422]
