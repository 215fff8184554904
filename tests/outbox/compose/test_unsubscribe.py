"""The link in an email by which no more come holds for ever, and names nobody."""

import uuid
from email import message_from_bytes, policy

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select

from app.channels import CHANNELS
from app.extensions import db, settings, vault
from app.lib.message_status import MessageStatus
from app.lib.vault import Vault, derive_key
from app.models import ConsentEvent, ContactPoint, Customer, Direction, Message, OptOut
from app.outbox.compose import unsubscribe
from app.outbox.compose.ledger import enter
from app.outbox.compose.manual_message import compose
from app.outbox.refused import Refused
from app.providers.contract import Letter, Outgoing
from app.providers.smtp.mail import mail
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business

ANN = "ann@salon.test"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def emailed(business: Business) -> Message:
    """A reminder that went to the customer."""
    with tenant_scope(business.id):
        message = Message(
            public_id=uuid.uuid4(),
            customer_id=business.customer_id,
            channel="email",
            direction=Direction.OUTBOUND,
            status=MessageStatus.SENT,
            body="See you",
            html="<p>See you</p>",
            sender="messages@kaivox.example",
            recipient=f"ann@{business.slug}.test",
            created_at=NOON,
        )
        enter(message)
        db.session.commit()
        db.session.refresh(message)
        db.session.expunge_all()
        return message


def sealed(message: Message) -> str:
    url = unsubscribe.url(message.tenant_id, message.channel, message.recipient, message.public_id)
    return url.removeprefix("http://localhost")


def stopped(business: Business) -> list[str]:
    with tenant_scope(business.id):
        found = list(db.session.scalars(select(OptOut.address)))
        db.session.rollback()
    return found


def delete_customer(business: Business) -> None:
    with tenant_scope(business.id):
        db.session.delete(db.session.get_one(Customer, business.customer_id))
        db.session.commit()


def test_a_link_works_after_its_customer_was_deleted(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    link = sealed(emailed(salon))
    delete_customer(salon)
    anybody = Browser()
    assert "Unsubscribe" in anybody.get(link).text
    assert stopped(salon) == []
    assert anybody.post(link, data=ONE_CLICK).status_code == 200
    assert (stopped(salon), stopped(garage)) == ([ANN], [])
    # Met again by the same address.
    with tenant_scope(salon.id):
        again = Customer(first_name="Ann")
        again.contact_points.append(ContactPoint(channel="email", address=ANN))
        db.session.add(again)
        db.session.commit()
        with pytest.raises(Refused, match="unsubscribed"):
            compose(again, "email", "Hello", NOON)
        db.session.rollback()
    anybody.post(link, data={"again": "1"})
    assert stopped(salon) == []


def test_a_stop_by_email_outlives_its_customer(salon: Business, post: Mailboxes) -> None:
    Browser().post(sealed(emailed(salon)), data=ONE_CLICK)
    delete_customer(salon)
    with tenant_scope(salon.id):
        assert db.session.scalars(select(ConsentEvent.message_id)).one() is None
        again = Customer(first_name="Ann")
        again.contact_points.append(ContactPoint(channel="email", address=ANN))
        db.session.add(again)
        db.session.commit()
        with pytest.raises(Refused, match="unsubscribed"):
            compose(again, "email", "Hello", NOON)


def test_the_email_stays_the_proof_as_long_as_it_is_kept(salon: Business) -> None:
    message = emailed(salon)
    Browser().post(sealed(message), data=ONE_CLICK)
    with tenant_scope(salon.id):
        event = db.session.scalars(select(ConsentEvent)).one()
        assert (event.message_id, event.source, event.account_sid) == (message.id, "link", "")


def test_a_link_of_an_email_from_before_goes_on_working(salon: Business) -> None:
    link = f"/unsubscribe/{emailed(salon).public_id}"
    assert Browser().get(link).status_code == 200
    assert Browser().post(link, data=ONE_CLICK).status_code == 200
    assert stopped(salon) == [ANN]
    delete_customer(salon)
    assert Browser().get(link).status_code == 404


def test_neither_the_link_nor_its_page_names_anybody(salon: Business) -> None:
    link = sealed(emailed(salon))
    page = Browser().get(link)
    told = link + page.text + Browser().post(link, data=ONE_CLICK).text
    assert "Bella" in page.text
    assert not any(word in told for word in (ANN, "ann@", "Ann", salon.customer_number))


def test_a_link_holds_when_the_keys_are_changed(
    app: Flask, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, new = sealed(emailed(salon)), Fernet.generate_key().decode()
    old = derive_key(settings().secret_key)
    monkeypatch.setitem(app.extensions, "vault", Vault([new, old]))
    assert Browser().get(link).status_code == 200
    monkeypatch.setitem(app.extensions, "vault", Vault([new]))
    assert Browser().get(link).status_code == 404


@pytest.mark.parametrize(
    "named",
    [
        "a token of a business's own",
        '["something else",2,"email","ann@salon.test","00000000000000000000000000000000"]',
        '["unsubscribe",2,"email"]',
        '["unsubscribe",4711,"email","ann@salon.test","00000000000000000000000000000000"]',
        '["unsubscribe",2,"email","ann@salon.test","no name"]',
        "{}",
        "7",
    ],
)
def test_what_is_sealed_for_something_else_is_no_link(salon: Business, named: str) -> None:
    link = f"/unsubscribe/{vault().seal(named).rstrip('=')}"
    assert Browser().get(link).status_code == 404
    assert Browser().post(link, data=ONE_CLICK).status_code == 404
    assert stopped(salon) == []


def test_the_headers_stand_on_lines_that_mail_servers_take(salon: Business) -> None:
    longest = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 53}.example"
    link = unsubscribe.url(2**31 - 1, "email", longest, uuid.uuid4())
    link = link.replace("http://localhost", "https://messages.inbox.kaivox.example")
    letter = Letter("1", "Bella", "b@b.example", "Hi", html="<p>Hi</p>", unsubscribe_url=link)
    message = Outgoing(CHANNELS["email"], "m@kaivox.example", longest, "Hi", "")
    raw = mail(message, letter).as_bytes()
    # RFC 5322, 2.1.1: 998 characters and no more, without the line's end.
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in raw
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    read = message_from_bytes(raw, policy=policy.default)
    assert read["List-Unsubscribe"] == f"<{link}>"
