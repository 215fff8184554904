"""Emails through the outbox: by hand and by themselves, once, and never after «no more»."""

from datetime import timedelta
from email.utils import getaddresses
from html import escape

import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    ConsentEvent,
    Customer,
    Message,
    Notification,
    NotificationSetting,
    OptOut,
    Tenant,
)
from app.notifications.dispatch import dispatch
from app.notifications.planning.fallback import again
from app.outbox.after_send import try_again
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.outbox.queue.claim import LEASE
from app.outbox.queue.paused_senders import pause
from app.outbox.settle.reconcile import reconcile
from app.providers.contract import Outcome, SendError
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.diary import at, book, fate
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business

LINK = "http://localhost/unsubscribe/"
EVE = "2026-11-18 10:00"


def write(business: Business, body: str = "Hello Ann", subject: str = "") -> int:
    with tenant_scope(business.id):
        customer = db.session.get_one(Customer, business.customer_id)
        return compose(customer, "email", body, NOON, subject=subject).id


def stored(business: Business, id_: int) -> Message:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.scalars(select(Message).where(Message.id == id_)).one()


@pytest.fixture
def prefers_email(post: Mailboxes, salon: Business) -> None:
    """The customers of both businesses want emails."""
    for business in ("salon", "garage"):
        with tenant_scope(db.session.scalars(select(Tenant.id).filter_by(slug=business)).one()):
            db.session.execute(update(Customer).values(preferred_channel="email"))
            db.session.commit()


def reminded(salon: Business, post: Mailboxes) -> str:
    """A reminder goes by email; where it is ended."""
    book(salon, "2026-11-19 10:00", now="2026-11-10 10:00", announce=False)
    dispatch(at(EVE))
    drain(at(EVE))
    return post.emails("ann@salon.test")[-1].unsubscribe_url.removeprefix("http://localhost")


def test_staff_write_an_email_once(post: Mailboxes, salon: Business, staff: Browser) -> None:
    answer = staff.post(
        "/messages/send",
        data={
            "customer_id": salon.customer_id,
            "channel": "email",
            "subject": " Your\r\nbill ",
            "body": "Hi Ann,\n\nhere it is.",
        },
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.json["subject"]) == (201, "Your bill")
    assert drain(NOON + timedelta(days=365)) == 1
    [came] = post.emails()
    assert (came.recipients, came.subject) == (["ann@salon.test"], "Your bill")
    assert came.reply_to == "Bella's Salon <hello@salon.test>"
    sent = stored(salon, answer.json["id"])
    # Nobody is asked what became of it: nobody knows.
    assert (sent.status, sent.ask_at, sent.provider_sid) == ("sent", None, came.message_id)
    assert "Your bill" in staff.get(f"/messages/{salon.customer_id}").text


def test_without_a_subject_it_is_the_business_and_too_long_a_one_is_refused(
    post: Mailboxes, salon: Business, staff: Browser
) -> None:
    assert stored(salon, write(salon)).subject == "Bella's Salon"
    answer = staff.post(
        "/messages/send",
        json={
            "customer_id": salon.customer_id,
            "channel": "email",
            "subject": "x" * 201,
            "body": "Hi",
        },
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 422 and "Shorten it" in answer.json["error"]


@pytest.mark.parametrize(
    ("name", "speaks", "subject", "line"),
    [
        ("Bella's Salon", None, "Bella's Salon", "Sent with KaiVox by Bella's Salon"),
        ("Bella's Salon", "es-MX", "Bella's Salon", "Enviado con KaiVox por Bella's Salon"),
        ("Bella's Salon", "fr", "Bella's Salon", "Sent with KaiVox by Bella's Salon"),
        ("support@bank.example", None, "Message", "Sent with KaiVox by salon"),
        ("PayPal <x@y.example>", None, "PayPal", "Sent with KaiVox by PayPal"),
        ("Bella\u202e\r\nBcc: x", None, "Bella Bcc: x", "Sent with KaiVox by Bella Bcc: x"),
    ],
)
def test_every_email_says_on_whose_behalf_it_comes(
    post: Mailboxes, salon: Business, name: str, speaks: str | None, subject: str, line: str
) -> None:
    db.session.execute(update(Tenant).where(Tenant.id == salon.id).values(name=name))
    db.session.commit()
    with tenant_scope(salon.id):
        db.session.execute(update(Customer).values(language=speaks))
        db.session.commit()
    write(salon)
    drain(NOON)
    [came] = post.emails()
    assert (came.subject, came.text.strip().split("\n")[-1]) == (subject, line)
    assert escape(line) in came.html and not came.header("Bcc")
    for header in ("From", "Reply-To"):
        [(called, _)] = getaddresses([came.header(header)])
        assert called == ("" if subject == "Message" else subject)


def test_a_business_that_cannot_be_answered_sends_no_emails(
    post: Mailboxes, salon: Business, staff: Browser
) -> None:
    db.session.execute(update(Tenant).where(Tenant.id == salon.id).values(reply_to=None))
    db.session.commit()
    answer = staff.post(
        "/messages/send",
        json={"customer_id": salon.customer_id, "channel": "email", "body": "Hi"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 422 and "where answers to your emails go" in answer.json["error"]
    assert 'value="email"' not in staff.get(f"/messages/{salon.customer_id}").text


@pytest.mark.parametrize("fault", ["mail_reset_after", "dead"])
def test_an_email_without_a_clear_answer_stays_unknown_and_is_never_sent_again(
    post: Mailboxes, salon: Business, fault: str
) -> None:
    id_ = write(salon)
    if fault == "dead":
        # Whoever had claimed it is gone, and nobody knows how far it came.
        claimed = {"status": MessageStatus.SENDING, "lease_until": NOON, "attempts": 1}
        with tenant_scope(salon.id):
            db.session.execute(update(Message).where(Message.id == id_).values(**claimed))
            db.session.commit()
    else:
        post.fault(fault)
        drain(NOON)
        post.fault()
    for minutes in (1, 2, 10, 600):
        reconcile(NOON + timedelta(minutes=minutes))
        drain(NOON + timedelta(minutes=minutes))
    assert stored(salon, id_).status == "unknown"
    assert len(post.emails()) == (fault == "mail_reset_after")


def test_what_the_mail_server_did_not_take_is_sent_when_it_does(
    post: Mailboxes, salon: Business
) -> None:
    id_ = write(salon)
    post.fault("mail_greylisted")
    drain(NOON)
    assert (stored(salon, id_).status, post.emails()) == ("queued", [])
    post.fault()
    drain(NOON + LEASE)
    assert (stored(salon, id_).status, len(post.emails())) == ("sent", 1)


def drained(post: Mailboxes, since: timedelta, until: timedelta) -> None:
    """The worker looks every ten seconds."""
    for seconds in range(int(since.total_seconds()), int(until.total_seconds()), 10):
        drain(NOON + timedelta(seconds=seconds))


def test_a_mail_server_that_is_away_for_some_minutes_gets_what_was_written_meanwhile(
    post: Mailboxes, salon: Business
) -> None:
    id_ = write(salon)
    post.fault("mail_turned_away")
    drained(post, timedelta(), timedelta(minutes=8))
    assert stored(salon, id_).status == "queued"
    post.fault()
    drained(post, timedelta(minutes=8), timedelta(minutes=14))
    assert (stored(salon, id_).status, len(post.emails())) == ("sent", 1)


def test_a_sign_in_that_was_refused_for_hours_leaves_an_email_all_its_attempts(
    post: Mailboxes, salon: Business, staff: Browser
) -> None:
    id_ = write(salon)
    post.fault("mail_no_sign_in")
    for minutes in range(0, 300, 11):
        drain(NOON + timedelta(minutes=minutes))
    assert "Email is paused" in staff.get("/messages").text
    post.fault("mail_greylisted")
    drain(NOON + timedelta(minutes=310))
    assert stored(salon, id_).status == "queued"
    post.fault()
    drain(NOON + timedelta(minutes=312))
    assert (stored(salon, id_).status, len(post.emails())) == ("sent", 1)
    assert "is paused" not in staff.get("/messages").text


def test_a_reminder_goes_by_email_to_who_prefers_it(
    prefers_email: None, post: Mailboxes, salon: Business, garage: Business, staff: Browser
) -> None:
    link = reminded(salon, post)
    [came] = post.emails()
    assert came.subject == "Reminder: Thu, Nov 19 at 10:00 AM"
    assert "reminder of your appointment at Bella's Salon" in came.text
    assert "Unsubscribe" in came.html and f'href="{LINK}' in came.html and came.one_click
    assert link.startswith("/unsubscribe/")
    with tenant_scope(salon.id):
        sent = db.session.scalars(select(Message).filter_by(channel="email")).one()
        assert "nsubscribe" not in sent.body
        told = select(Notification.appointment_id).where(Notification.message_id == sent.id)
        booked = db.session.scalars(told).one()
    known = staff.get(f"/calendar/{booked}", headers={"Accept": "application/json"}).json
    kind, why = known["notifications"][-1].values()
    assert kind == "Appointment reminder"
    assert why.startswith("Sent on ") and "by Email to ann@salon.test; the mail server took" in why


def test_a_reminder_that_waited_for_the_mail_server_until_the_night_goes_by_sms_once(
    prefers_email: None, post: Mailboxes, salon: Business, garage: Business
) -> None:
    book(salon, "2026-11-19 10:00", now="2026-11-10 10:00", announce=False)
    post.fault("mail_no_sign_in")
    for moment in (EVE, "2026-11-18 15:00", "2026-11-18 21:00", "2026-11-19 08:00"):
        drain(at(moment))
        again(at(moment))
        dispatch(at(moment))
        drain(at(moment))
    post.fault()
    drain(at("2026-11-19 08:15"))
    assert post.emails() == []
    with tenant_scope(salon.id):
        query = select(Message).where(Message.not_after.is_not(None)).order_by(Message.id)
        first, second = db.session.scalars(query).all()
    assert (first.channel, first.status, second.channel) == ("email", "failed", "sms")
    assert "sign in" in (first.error or "")


def test_who_unsubscribes_gets_no_more_emails_until_they_want_them_again(
    prefers_email: None, post: Mailboxes, salon: Business, garage: Business, staff: Browser
) -> None:
    link, anybody = reminded(salon, post), Browser()
    assert anybody.get(link).status_code == 200
    waits = write(salon)
    # As a mail program does it: no cookie, no token.
    for _ in range(2):
        answer = anybody.post(link, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "location" in answer.headers) == (200, False)
        assert "sends no more emails" in answer.text
    drain(NOON)
    assert "unsubscribed" in (stored(salon, waits).error or "")
    other = book(salon, "2026-11-20 10:00", now="2026-11-10 10:00", announce=False)
    dispatch(at("2026-11-19 10:00"))
    assert fate(salon, other) == ["24h 2026-11-19 10:00 opted_out"]
    assert "by the link in an email" in staff.get(f"/customers/{salon.customer_id}").text
    assert len(post.emails()) == 1

    assert "Subscribe again" in anybody.get(link).text
    anybody.post(link, data={"again": "1"})
    drain_again = try_it_again(salon, waits)
    assert (stored(salon, drain_again).status, len(post.emails())) == ("sent", 2)
    with tenant_scope(salon.id):
        said = db.session.scalars(select(ConsentEvent.said).order_by(ConsentEvent.id)).all()
    # Pressed again it is known already: whoever has the link cannot fill our tables.
    assert said == ["stop", "start"]


def try_it_again(salon: Business, id_: int) -> int:
    with tenant_scope(salon.id):
        again = try_again(db.session.get_one(Message, id_), NOON, None).id
    drain(NOON)
    return again


def test_a_link_ends_the_emails_of_its_business_and_nobody_elses(
    prefers_email: None, post: Mailboxes, salon: Business, garage: Business
) -> None:
    with tenant_scope(garage.id):
        customer = db.session.get_one(Customer, garage.customer_id)
        for point in customer.contact_points:
            if point.channel == "email":
                point.address = "ann@salon.test"
        db.session.commit()
    Browser().post(reminded(salon, post))
    theirs = write(garage)
    drain(NOON)
    assert stored(garage, theirs).status == "sent"
    with tenant_scope(garage.id):
        assert db.session.scalars(select(OptOut)).all() == []


def test_a_link_that_is_none_is_told_nothing(
    prefers_email: None, post: Mailboxes, salon: Business
) -> None:
    by_hand = stored(salon, write(salon)).public_id
    for guess in ("x", "00000000-0000-0000-0000-000000000000", str(by_hand)):
        assert Browser().get(f"/unsubscribe/{guess}").status_code == 404
        assert Browser().post(f"/unsubscribe/{guess}").status_code == 404


@pytest.mark.parametrize(("falls_back", "by"), [(True, "sms"), (False, "email")])
def test_a_reminder_goes_by_another_channel_while_emails_are_paused(
    prefers_email: None,
    post: Mailboxes,
    salon: Business,
    garage: Business,
    falls_back: bool,
    by: str,
) -> None:
    with tenant_scope(salon.id):
        broken = SendError("We cannot sign in.", Outcome.REFUSED, sender_at_fault=True)
        pause("email", broken, at(EVE))
        rules = update(NotificationSetting).values(channel="email", falls_back=falls_back)
        db.session.execute(rules)
        db.session.commit()
    book(salon, "2026-11-19 10:00", now="2026-11-10 10:00", announce=False)
    dispatch(at(EVE))
    with tenant_scope(salon.id):
        query = select(Message.channel).where(Message.client_token.like("notification-%"))
        assert db.session.scalars(query).all() == [by]
