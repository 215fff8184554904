"""Two programs that answer each other's emails come to an end, and staff are told."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.channels import CHANNELS
from app.extensions import db
from app.inbound.emails.receive_email import receive_email
from app.models import Customer, EmailAutoAnswer, Message
from app.outbox.compose.automatic_message import hand_over
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import DeliveryRoute
from app.outbox.compose.email_loop import IN_A_DOMAIN, OF_A_CUSTOMER, AnsweredLately, Loop
from app.outbox.drain import drain
from app.providers import inbound_email
from app.tenancy import tenant_scope
from tests.support.beside import Beside
from tests.support.email_in import written
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business

EMAIL = CHANNELS["email"]
DAY = timedelta(days=1)


def writes(owner: Business, sender: str, text: str = "Hello", at: datetime = NOON) -> int:
    """Somebody emails the business; the message's id."""
    raw = written(text, From=sender).as_bytes()
    receive_email(owner.route, inbound_email.received("message/rfc822", raw), at)
    with tenant_scope(owner.id):
        return db.session.scalars(select(func.max(Message.id))).one()


def answer(owner: Business, to: int, at: datetime = NOON) -> None:
    """A program of ours answers it, committed."""
    with tenant_scope(owner.id):
        try:
            enter(to, at)
            db.session.commit()
        finally:
            db.session.rollback()


def enter(to: int, at: datetime = NOON) -> None:
    """The same, in a transaction that goes on."""
    heard = db.session.get_one(Message, to)
    customer = db.session.get_one(Customer, heard.customer_id)
    route = DeliveryRoute(EMAIL, "messages@kaivox.example", heard.sender)
    said = Content(f"We are closed {to}", "Closed")
    hand_over(customer, route, said, at, at + DAY, f"away:{to}", answers=heard)


def test_two_at_once_do_not_both_answer(app: Flask, salon: Business) -> None:
    first, second = (writes(salon, "ann@lee.example", text) for text in ("Hello", "Hello again"))
    with tenant_scope(salon.id):
        enter(first)
        other = Beside(app, salon, lambda: enter(second))
        other.start()
        other.waits()
        db.session.commit()
    other.join()
    assert isinstance(other.error, AnsweredLately)


def test_an_address_is_answered_once_in_a_day(salon: Business, garage: Business) -> None:
    for owner in (salon, garage):
        answer(owner, writes(owner, "ann@lee.example"))
    again = writes(salon, "Ann <ANN@lee.example>", "And again")
    with pytest.raises(AnsweredLately):
        answer(salon, again, NOON + DAY - timedelta(seconds=1))
    answer(salon, again, NOON + DAY)


def test_a_domain_is_answered_three_times_in_an_hour(salon: Business, garage: Business) -> None:
    for number in range(IN_A_DOMAIN):
        answer(salon, writes(salon, f"robot{number}@lee.example"))
    late = writes(salon, "robot9@lee.example")
    with pytest.raises(Loop, match=r"lee\.example had 3 automatic answers within an hour"):
        answer(salon, late, NOON + timedelta(minutes=59))
    answer(salon, writes(salon, "robot9@ray.example"))
    answer(garage, writes(garage, "robot9@lee.example"))
    answer(salon, late, NOON + timedelta(hours=1))


def test_a_customer_gets_twenty_automatic_emails_in_a_day(salon: Business) -> None:
    heard = writes(salon, "ann@salon.test")
    with tenant_scope(salon.id):
        customer = db.session.get_one(Customer, salon.customer_id)
        route = DeliveryRoute(EMAIL, "messages@kaivox.example", "ann@salon.test")
        for number in range(OF_A_CUSTOMER):
            hand_over(
                customer, route, Content(f"Reminder {number}"), NOON, NOON + DAY, f"r{number}"
            )
        db.session.commit()
    with pytest.raises(Loop, match="20 automatic emails went to them within a day"):
        answer(salon, heard)
    answer(salon, heard, NOON + DAY)


def test_what_was_refused_counts_nothing_and_is_not_there(salon: Business) -> None:
    answer(salon, writes(salon, "ann@lee.example"))
    with pytest.raises(AnsweredLately):
        answer(salon, writes(salon, "ann@lee.example", "More"))
    with tenant_scope(salon.id):
        query = select(func.count()).select_from(EmailAutoAnswer)
        assert db.session.scalar(query) == 1
        ours = select(func.count()).where(
            Message.direction == "outbound", Message.channel == "email"
        )
        assert db.session.scalar(ours) == 1


def test_an_automatic_answer_stands_in_the_thread_and_says_what_it_is(
    post: Mailboxes, salon: Business
) -> None:
    heard = writes(salon, "ann@salon.test")
    writes(salon, "ann@salon.test", "A later one")
    answer(salon, heard)
    drain(NOON)
    [out] = post.emails("ann@salon.test")
    with tenant_scope(salon.id):
        answered = db.session.get_one(Message, heard)
        assert answered.received_email
        assert out.header("In-Reply-To") == answered.received_email.header_id
    assert out.subject == "Re: A question"
    assert out.header("Auto-Submitted") == "auto-replied"
    assert out.header("X-Auto-Response-Suppress") == "All"
    assert not out.header("Precedence")
