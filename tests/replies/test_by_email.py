"""What an email does that answers a reminder: only a person's, and only an answer to ours."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.inbound.emails.receive_email import receive_email
from app.models import Message, Notification, Reply
from app.outbox.compose import email_loop
from app.providers import inbound_email
from app.replies.read import read_replies
from app.tenancy import tenant_scope
from tests.replies.test_replies import THEN, answers, booked, outcomes, state  # noqa: F401
from tests.support.email_in import written
from tests.support.mailboxes import Mailboxes
from tests.support.world import Business

OURS = "<7f1c@kaivox.example>"


@pytest.fixture(autouse=True)
def asked_by_email(salon: Business, booked: int) -> None:  # noqa: F811
    """The reminder went by email."""
    with tenant_scope(salon.id):
        last = select(Message.id).where(Message.direction == "outbound").order_by(Message.id.desc())
        by_email = {"channel": "email", "provider_sid": OURS, "recipient": "ann@salon.test"}
        id_ = db.session.scalars(last.limit(1)).one()
        db.session.execute(update(Message).where(Message.id == id_).values(**by_email))
        told = update(Notification).where(Notification.message_id == id_)
        db.session.execute(told.values(channel="email"))
        db.session.commit()


def answer(owner: Business, text: str, at: datetime = THEN, **headers: str) -> None:
    mail = written(text, **({"From": "ann@salon.test", "In_Reply_To": OURS} | headers))
    receive_email(owner.route, inbound_email.received("message/rfc822", mail.as_bytes()), at)
    read_replies(at)


def test_a_customers_answer_confirms(salon: Business, booked: int) -> None:  # noqa: F811
    answer(salon, "Yes\n\nOn Wed, Nov 18, 2026 at 9:00 AM Bella <a@b.example> wrote:\n> C cancels")
    assert (state(salon, booked), outcomes(salon)) == ("confirmed", ["confirm confirmed"])


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"In_Reply_To": "<guessed@kaivox.example>"},
        {"In_Reply_To": ""},
        {"From": "ben@lee.example"},
    ],
)
def test_a_machine_a_stranger_or_whoever_took_a_name_confirms_nothing(
    salon: Business,
    booked: int,  # noqa: F811
    headers: dict[str, str],
) -> None:
    answer(salon, "Yes", **headers)
    assert state(salon, booked) == "scheduled"
    assert answers(salon) == []


def test_what_a_rule_handed_on_counts_and_is_not_answered(
    salon: Business,
    booked: int,  # noqa: F811
) -> None:
    answer(salon, "Yes", Auto_Submitted="auto-generated")
    assert state(salon, booked) == "confirmed"
    assert answers(salon) == []


def test_a_second_answer_within_a_day_acts_and_is_not_answered(
    post: Mailboxes,
    salon: Business,
    garage: Business,
    booked: int,  # noqa: F811
) -> None:
    answer(salon, "Yes")
    assert len(answers(salon)) == 1
    answer(salon, "Can we move it?", THEN + timedelta(minutes=1))
    assert len(answers(salon)) == 1


def test_where_programs_answer_each_other_staff_are_told_that_nobody_answers(
    post: Mailboxes,
    salon: Business,
    booked: int,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(email_loop, "IN_A_DOMAIN", 0)
    answer(salon, "Yes")
    assert state(salon, booked) == "confirmed"
    assert answers(salon) == []
    with tenant_scope(salon.id):
        reasons = db.session.scalars(select(Reply.reason)).all()
    assert any("as where two programs answer each other" in (reason or "") for reason in reasons)
