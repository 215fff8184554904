"""Whose conversation an email belongs to, and how our answer finds its way into the same thread."""

import pytest
from sqlalchemy import delete, select

from app.extensions import db
from app.models import ContactPoint, Customer, Message, OptOut, ReceivedEmail
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.email_in import post as email
from tests.support.email_in import written
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business

OURS = "<7f1c@kaivox.example>"


def sent(owner: Business, message_id: str = OURS) -> None:
    """The business has sent its customer an email."""
    with tenant_scope(owner.id):
        message = Message(
            customer_id=owner.customer_id,
            channel="email",
            direction="outbound",
            status="sent",
            body="See you",
            sender="messages@kaivox.example",
            recipient=f"ann@{owner.slug}.test",
            provider_sid=message_id,
        )
        db.session.add(message)
        db.session.commit()


def came(owner: Business) -> tuple[Message, ReceivedEmail]:
    """The last email that came in."""
    with tenant_scope(owner.id):
        row = db.session.scalars(select(ReceivedEmail).order_by(ReceivedEmail.id.desc())).first()
        assert row
        return db.session.get_one(Message, row.message_id), row


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_a_stranger_who_answers_our_email_is_in_its_customers_conversation(
    salon: Business, garage: Business, staff: Browser, header: str
) -> None:
    sent(salon)
    email(salon, written("We come by car", From="ben@lee.example", **{header: f"<a@b> {OURS}"}))
    message, row = came(salon)
    assert message.customer_id == salon.customer_id
    assert (message.sender, row.is_reply) == ("ben@lee.example", False)
    with tenant_scope(salon.id):
        known = select(ContactPoint.id).where(ContactPoint.address == "ben@lee.example")
        assert db.session.scalars(known).all() == [], "their answers do not go to a stranger"
    assert "From ben@lee.example" in staff.get(f"/messages/{salon.customer_id}").text


def test_nobody_is_found_by_the_subject_or_by_another_business_email(
    salon: Business, garage: Business
) -> None:
    sent(garage)
    sent(salon, "<other@kaivox.example>")
    email(salon, written("Hi", From="ben@lee.example", Subject="Re: See you", In_Reply_To=OURS))
    message, row = came(salon)
    assert message.customer_id != salon.customer_id
    assert (row.is_reply, row.answers) == (False, [OURS])


def test_a_customer_stays_in_their_own_conversation_whatever_they_answer(
    salon: Business,
) -> None:
    email(salon, written("I am Ben", From="ben@lee.example"))
    ben, _ = came(salon)
    sent(salon)
    email(salon, written("Forwarded by Ann", From="ben@lee.example", In_Reply_To=OURS))
    assert came(salon)[0].customer_id == ben.customer_id != salon.customer_id


def test_where_our_email_went_to_an_address_that_is_nobodys_by_now_its_writer_is_new(
    salon: Business,
) -> None:
    sent(salon)
    with tenant_scope(salon.id):
        db.session.execute(delete(ContactPoint).where(ContactPoint.address == "ann@salon.test"))
        db.session.commit()
    email(salon, written("Who are you?", From="Ben Lee <ben@lee.example>", In_Reply_To=OURS))
    message, _ = came(salon)
    with tenant_scope(salon.id):
        assert db.session.get_one(Customer, message.customer_id).name == "Ben Lee"


def test_no_word_of_a_stranger_ends_the_customers_messages(salon: Business) -> None:
    sent(salon)
    email(salon, written("STOP", From="ben@lee.example", In_Reply_To=OURS))
    assert came(salon)[0].customer_id == salon.customer_id
    with tenant_scope(salon.id):
        assert db.session.scalars(select(OptOut)).all() == []


def test_only_an_answer_to_our_email_starts_messages_again(salon: Business) -> None:
    sent(salon)
    ann = "ann@salon.test"
    email(salon, written("STOP", From=ann))
    email(salon, written("START", From=ann))
    email(salon, written("YES", From=ann, In_Reply_To=OURS))
    with tenant_scope(salon.id):
        assert len(db.session.scalars(select(OptOut)).all()) == 1
    email(salon, written("Start", From=ann, In_Reply_To=OURS))
    with tenant_scope(salon.id):
        assert db.session.scalars(select(OptOut)).all() == []


def test_our_answer_stands_in_the_thread_of_the_customers_email(
    post: Mailboxes, salon: Business, garage: Business, staff: Browser
) -> None:
    mail = written("Free?", From="ann@salon.test", Message_ID="<b@lee.example>", References="<a@b>")
    email(salon, mail)
    email(garage, written("Theirs", From="ann@garage.test", Message_ID="<c@lee.example>"))
    form = {"customer_id": salon.customer_id, "channel": "email", "body": "At ten"}
    assert staff.post("/messages/send", data=form).status_code in (302, 303)
    drain(NOON.replace(year=2100))
    [out] = post.emails("ann@salon.test")
    assert out.header("In-Reply-To") == "<b@lee.example>"
    assert out.header("References").split() == ["<a@b>", "<b@lee.example>"]
    assert out.subject == "Re: A question"


def test_an_automatic_email_answers_nothing(post: Mailboxes, salon: Business) -> None:
    email(salon, written(From="ann@salon.test"))
    with tenant_scope(salon.id):
        customer = db.session.get_one(Customer, salon.customer_id)
        compose(customer, "email", "By nobody", NOON)
    drain(NOON.replace(year=2100))
    [out] = post.emails("ann@salon.test")
    assert not out.header("In-Reply-To")
