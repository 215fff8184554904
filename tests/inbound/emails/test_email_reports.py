"""What comes back of an email moves that email, and nothing that anybody made up moves anything."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.models import ConsentEvent, ContactPoint, Conversation, Customer, Message, OptOut
from app.notifications.dispatch import dispatch
from app.notifications.planning.fallback import plan_fallbacks
from app.outbox.compose.manual_message import compose
from app.outbox.delivery.job import jobs
from app.outbox.drain import drain
from app.outbox.queue.claim import claim
from app.outbox.refused import Refused
from app.outbox.settle import record
from app.outbox.settle.reconcile import reconcile
from app.simulator.mail import machines
from app.tenancy import tenant_scope
from tests.inbound.emails.test_emails import emails, rows
from tests.support.browser import Browser
from tests.support.diary import at, book
from tests.support.email_in import post as email
from tests.support.email_in import sent, written
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business

ANN = "ann@salon.test"


def ours(owner: Business) -> Message:
    """The last email of the business."""
    db.session.rollback()
    return [each for each in emails(owner) if not each.inbound][-1]


def invalid(owner: Business, address: str = ANN) -> bool:
    with tenant_scope(owner.id):
        query = select(ContactPoint.invalid_since).where(ContactPoint.address == address)
        return db.session.scalars(query).one() is not None


def test_an_email_that_came_back_has_failed_and_no_more_go_there(
    domain: None, post: Mailboxes, salon: Business, garage: Business, staff: Browser
) -> None:
    with tenant_scope(garage.id):
        db.session.execute(
            update(ContactPoint).where(ContactPoint.channel == "email").values(address=ANN)
        )
        db.session.commit()
    came = sent(salon, post)
    assert came.sender.startswith("bounce+") and came.sender.endswith("@salon.in.kaivox.example")
    assert email(salon, machines.bounced(came, ANN)).status_code == 200
    message = ours(salon)
    assert message.status == "failed"
    assert message.error and "there is no such mailbox (5.1.1)" in message.error
    assert invalid(salon) and not invalid(garage), "each business learns it by itself"
    assert len(emails(salon)) == 1, "a report is no message"
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert "there is no such mailbox" in page
    with tenant_scope(salon.id), pytest.raises(Refused, match="came back"):
        compose(db.session.get_one(Customer, salon.customer_id), "email", "Again", NOON)


def test_who_writes_from_there_has_a_mailbox_there(
    domain: None, post: Mailboxes, salon: Business
) -> None:
    email(salon, machines.bounced(sent(salon, post), ANN))
    assert invalid(salon)
    email(salon, written("I am here", From=ANN))
    assert not invalid(salon)


def test_another_address_of_theirs_may_be_one(
    domain: None, post: Mailboxes, salon: Business
) -> None:
    email(salon, machines.bounced(sent(salon, post), ANN))
    with tenant_scope(salon.id):
        query = select(ContactPoint).where(ContactPoint.address == ANN)
        db.session.scalars(query).one().address = "ann2@salon.test"
        db.session.commit()
    assert not invalid(salon, "ann2@salon.test")


@pytest.mark.parametrize(
    ("status", "action", "became", "says"),
    [
        ("5.2.2", "failed", "failed", "their mailbox is full (5.2.2)"),
        ("4.4.7", "failed", "failed", "did not take it in time (4.4.7)"),
        ("5.7.1", "failed", "failed", "refuses this email (5.7.1)"),
        ("5.1.8", "failed", "failed", "refuses this email (5.1.8)"),
        ("5.4.4", "failed", "failed", "The email came back (5.4.4)"),
        ("4.4.7", "delayed", "sent", None),
        ("2.0.0", "relayed", "sent", None),
        ("2.0.0", "delivered", "delivered", None),
    ],
)
def test_what_says_nothing_of_the_address_leaves_it_alone(
    domain: None,
    post: Mailboxes,
    salon: Business,
    status: str,
    action: str,
    became: str,
    says: str | None,
) -> None:
    email(salon, machines.bounced(sent(salon, post), ANN, status, action))
    message = ours(salon)
    assert message.status == became
    assert message.error is None if says is None else says in (message.error or "")
    assert not invalid(salon)


def test_without_a_domain_it_is_known_by_the_message_id(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    came = sent(salon, post)
    assert came.sender == "messages@kaivox.example"
    email(garage, machines.bounced(came, ANN))
    assert ours(salon).status == "sent", "another business has nothing to say of it"
    email(salon, machines.bounced(came, ANN))
    assert ours(salon).status == "failed"


def test_one_that_quotes_nothing_is_known_by_what_it_answers(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    came = sent(salon, post)
    answers = f"References: <x@y.example> {came.message_id}\r\n".encode()
    bare = answers + machines.bounced(replace(came, headers={}), ANN)
    email(garage, bare)
    assert ours(salon).status == "sent"
    email(salon, bare)
    assert ours(salon).status == "failed"


def test_a_bounce_of_nothing_but_text_counts_as_any(post: Mailboxes, salon: Business) -> None:
    came = sent(salon, post)
    made = written(
        f"Hi. This is the qmail-send program.\n\nNo mailbox here by that name. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\nMessage-ID: {came.message_id}\n",
        From="MAILER-DAEMON@mx.example",
        Return_Path="<>",
    )
    for _ in range(3):
        assert email(salon, made).status_code == 200
    assert ours(salon).status == "failed" and invalid(salon)
    assert len(emails(salon)) == 1, "a report is no message"


def test_a_report_that_comes_twice_or_late_changes_nothing_more(
    domain: None, post: Mailboxes, salon: Business
) -> None:
    came = sent(salon, post)
    email(salon, machines.bounced(came, ANN, "2.0.0", "delivered"))
    before = rows()
    for _ in range(2):
        email(salon, machines.bounced(came, ANN))
    assert (ours(salon).status, invalid(salon), rows()) == ("delivered", False, before)


def test_reports_of_what_we_never_sent_change_nothing(
    domain: None, post: Mailboxes, salon: Business, garage: Business
) -> None:
    came, theirs = sent(salon, post), sent(garage, post, "Theirs")
    before = rows()
    guessed = replace(came, sender="bounce+x@in.kaivox.example", headers={"Message-ID": "<x@y>"})
    others = replace(came, sender=theirs.sender, headers=theirs.headers)
    for made in (guessed, others, replace(came, sender="", headers={})):
        for report in (machines.bounced(made, ANN), machines.complained(made)):
            assert email(salon, report).status_code == 200
    assert (ours(salon).status, ours(garage).status, rows()) == ("sent", "sent", before)


def test_whoever_calls_it_spam_gets_no_more(
    domain: None, post: Mailboxes, salon: Business, garage: Business, staff: Browser
) -> None:
    came = sent(salon, post)
    for _ in range(2):
        assert email(salon, machines.complained(came)).status_code == 200
    with tenant_scope(salon.id):
        assert db.session.scalars(select(OptOut.address)).all() == [ANN]
        assert db.session.scalars(select(ConsentEvent.source)).all() == ["complaint"]
        with pytest.raises(Refused, match="reported an email of yours as spam"):
            compose(db.session.get_one(Customer, salon.customer_id), "email", "Again", NOON)
    with tenant_scope(garage.id):
        assert db.session.scalars(select(OptOut.address)).all() == []
    assert "reported this email as spam" in staff.get(f"/messages/{salon.customer_id}").text
    assert "was reported as spam" in staff.get(f"/customers/{salon.customer_id}").text


def test_a_reminder_that_came_back_goes_by_sms_once(
    domain: None, post: Mailboxes, salon: Business, garage: Business
) -> None:
    with tenant_scope(salon.id):
        db.session.execute(update(Customer).values(preferred_channel="email"))
        db.session.commit()
    eve = "2026-11-18 10:00"
    book(salon, "2026-11-19 10:00", now="2026-11-10 10:00", announce=False)
    dispatch(at(eve))
    drain(at(eve))
    [came] = post.emails(ANN)
    for _ in range(2):
        email(salon, machines.bounced(came, ANN))
        plan_fallbacks(at("2026-11-18 10:05"))
        dispatch(at("2026-11-18 10:05"))
    with tenant_scope(salon.id):
        query = select(Message.channel, Message.status).where(Message.not_after.is_not(None))
        said = db.session.execute(query.order_by(Message.id)).all()
    assert [tuple(each) for each in said] == [("email", "failed"), ("sms", "queued")]


def test_an_absence_note_is_shown_and_is_nothing_unread(
    domain: None, post: Mailboxes, salon: Business, staff: Browser
) -> None:
    came, before = sent(salon, post), unread(salon)
    email(salon, machines.away(came, ANN))
    note = emails(salon)[-1]
    assert (note.inbound, note.customer_id) == (True, salon.customer_id)
    assert ours(salon).status == "sent"
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert "out of the office" in page and "Automatic answer" in page
    assert unread(salon) == before
    email(salon, written("I am back", From=ANN))
    assert unread(salon) == before + 1


def unread(owner: Business) -> int:
    with tenant_scope(owner.id):
        return db.session.scalars(select(Conversation.unread_count)).one()


def test_a_bounce_that_is_quicker_than_our_own_note_stands(
    domain: None, post: Mailboxes, salon: Business
) -> None:
    with tenant_scope(salon.id):
        compose(db.session.get_one(Customer, salon.customer_id), "email", "Hello Ann", NOON)
    [held] = jobs(claim(NOON + timedelta(minutes=5), 5))
    answer = held.carrier.send(held.account, held.outgoing)
    email(salon, machines.bounced(post.emails(ANN)[-1], ANN))
    record.accepted([(held.message, answer)])
    assert (ours(salon).status, invalid(salon)) == ("failed", True)


def test_a_bounce_of_what_nobody_confirmed_says_what_became_of_it(
    post: Mailboxes, salon: Business
) -> None:
    post.fault("mail_reset_after")
    with tenant_scope(salon.id):
        compose(db.session.get_one(Customer, salon.customer_id), "email", "Hello Ann", NOON)
    drain(NOON + timedelta(minutes=5))
    reconcile(NOON + timedelta(minutes=10))
    assert (ours(salon).status, ours(salon).provider_sid) == ("unknown", None)
    email(salon, machines.bounced(post.emails(ANN)[-1], ANN))
    assert ours(salon).status == "failed"


def test_staff_answer_the_person_and_not_the_absence_note(
    domain: None, post: Mailboxes, salon: Business, staff: Browser
) -> None:
    email(salon, written("Is ten free?", From=ANN, Message_ID="<asked@lee.example>"))
    email(salon, machines.away(sent(salon, post), ANN))
    again = sent(salon, post, "Are you back?")
    assert (again.header("In-Reply-To"), again.subject) == ("<asked@lee.example>", "Re: A question")
