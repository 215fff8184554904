"""Whose conversation an email belongs to, and how our answer finds its way into the same thread."""

from email.utils import getaddresses

import pytest
from sqlalchemy import delete, select

from app.extensions import db
from app.models import ContactPoint, Customer, Message, OptOut, ReceivedEmail, Tenant
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.tenancy import tenant_scope
from tests.inbound.emails.test_emails import rows
from tests.support.browser import Browser
from tests.support.email_in import post as email
from tests.support.email_in import sent, written
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business

OURS = "<7f1c@kaivox.example>"


def was_sent(owner: Business, message_id: str = OURS) -> None:
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
    was_sent(salon)
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
    was_sent(garage)
    was_sent(salon, "<other@kaivox.example>")
    email(salon, written("Hi", From="ben@lee.example", Subject="Re: See you", In_Reply_To=OURS))
    message, row = came(salon)
    assert message.customer_id != salon.customer_id
    assert (row.is_reply, row.answers) == (False, [OURS])


def test_a_customer_stays_in_their_own_conversation_whatever_they_answer(
    salon: Business,
) -> None:
    email(salon, written("I am Ben", From="ben@lee.example"))
    ben, _ = came(salon)
    was_sent(salon)
    email(salon, written("Forwarded by Ann", From="ben@lee.example", In_Reply_To=OURS))
    assert came(salon)[0].customer_id == ben.customer_id != salon.customer_id


def test_where_our_email_went_to_an_address_that_is_nobodys_by_now_its_writer_is_new(
    salon: Business,
) -> None:
    was_sent(salon)
    with tenant_scope(salon.id):
        db.session.execute(delete(ContactPoint).where(ContactPoint.address == "ann@salon.test"))
        db.session.commit()
    email(salon, written("Who are you?", From="Ben Lee <ben@lee.example>", In_Reply_To=OURS))
    message, _ = came(salon)
    with tenant_scope(salon.id):
        assert db.session.get_one(Customer, message.customer_id).name == "Ben Lee"


def test_no_word_of_a_stranger_ends_the_customers_messages(salon: Business) -> None:
    was_sent(salon)
    email(salon, written("STOP", From="ben@lee.example", In_Reply_To=OURS))
    assert came(salon)[0].customer_id == salon.customer_id
    with tenant_scope(salon.id):
        assert db.session.scalars(select(OptOut)).all() == []


def test_only_an_answer_to_our_email_starts_messages_again(salon: Business) -> None:
    was_sent(salon)
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
        message = compose(customer, "email", "By nobody", NOON)
        message.not_after = NOON.replace(year=2101)
        db.session.commit()
    drain(NOON.replace(year=2100))
    [out] = post.emails("ann@salon.test")
    assert not out.header("In-Reply-To")
    assert out.header("Auto-Submitted") == "auto-generated"
    assert out.header("X-Auto-Response-Suppress") == "All"


def test_an_answer_finds_its_thread_by_the_address_that_it_goes_to(
    domain: None, post: Mailboxes, salon: Business, garage: Business, staff: Browser
) -> None:
    # Whoever answers from elsewhere, by a program that names nothing.
    out = sent(salon, post)
    [(name, to)] = getaddresses([out.reply_to])
    assert (name, to[:6], to.rpartition("@")[2]) == (
        salon.name,
        "reply+",
        "salon.in.kaivox.example",
    )
    email(salon, written("We come by car", From="ben@lee.example", To=f"Bella <{to.upper()}>"))
    message, row = came(salon)
    assert (message.customer_id, message.sender) == (salon.customer_id, "ben@lee.example")
    assert row.is_reply is False
    with tenant_scope(salon.id):
        known = select(ContactPoint.id).where(ContactPoint.address == "ben@lee.example")
        assert db.session.scalars(known).all() == []
    assert "From ben@lee.example" in staff.get(f"/messages/{salon.customer_id}").text


def test_the_address_of_anothers_email_and_a_forged_one_find_nothing(
    domain: None, post: Mailboxes, salon: Business, garage: Business
) -> None:
    theirs, ours = sent(garage, post).reply_to, sent(salon, post).reply_to
    [(_, forged)] = getaddresses([ours.replace("reply+", "reply+0", 1)])
    for address in (theirs, forged):
        email(salon, written("Hello", From="eve@evil.example", To=address))
        assert came(salon)[0].customer_id != salon.customer_id


def test_the_address_counts_before_what_the_email_names(
    domain: None, post: Mailboxes, salon: Business, garage: Business
) -> None:
    with tenant_scope(salon.id):
        other = Customer(first_name="Bob")
        other.contact_points.append(ContactPoint(channel="email", address="bob@ray.example"))
        db.session.add(other)
        db.session.commit()
        bob = other.id
        compose(other, "email", "Hello Bob", NOON)
    to_ann = sent(salon, post)
    [to_bob] = post.emails("bob@ray.example")
    mail = written("Hi", From="x@ray.example", To=to_bob.reply_to, In_Reply_To=to_ann.message_id)
    email(salon, mail)
    assert came(salon)[0].customer_id == bob


def test_a_business_without_an_inbound_address_is_answered_at_its_mailbox(
    domain: None, post: Mailboxes, salon: Business
) -> None:
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).email_token_sealed = None
        db.session.commit()
    out = sent(salon, post)
    assert (out.sender, getaddresses([out.reply_to])[0][1]) == (
        "messages@kaivox.example",
        "hello@salon.test",
    )


def test_what_comes_from_our_own_addresses_is_dropped_and_from_its_mailbox_not_answered(
    domain: None, post: Mailboxes, salon: Business
) -> None:
    own = sent(salon, post).reply_to
    before = rows()
    email(salon, written("Loop", From=own))
    assert rows() == before
    email(salon, written("From the desk", From="Hello@salon.test"))
    assert came(salon)[1].answerable is False
