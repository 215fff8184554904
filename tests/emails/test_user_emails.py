"""Emails to those who sign in: once, or known not to have left; and where there is a server."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app import providers
from app.emails import queue
from app.emails.kind import Kind
from app.emails.kinds import KINDS, webhook_disabled, wrong_passwords
from app.emails.send import send_due
from app.extensions import db
from app.models import User, UserEmail
from app.tenancy import unscoped
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business, operator


def write(
    email: str, once: str = "", kind: Kind = wrong_passwords.KIND, now: datetime = NOON
) -> int:
    with unscoped("tests"):
        user = db.session.scalars(select(User).where(User.email == email)).one()
        assert queue.write(user, kind, {"tries": 10}, now, once)
        db.session.commit()
        return max(db.session.scalars(select(UserEmail.id)))


def row(id_: int) -> UserEmail:
    db.session.rollback()
    db.session.expire_all()
    with unscoped("tests"):
        return db.session.scalars(select(UserEmail).where(UserEmail.id == id_)).one()


def test_an_email_is_sent_once_to_its_user_alone(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    id_ = write(salon.staff)
    send_due(NOON)
    send_due(NOON + timedelta(hours=1))
    (email,) = post.emails()
    assert email.recipients == [salon.staff]
    assert row(id_).sent_at and row(id_).attempts == 1 and row(id_).lease_until is None
    assert "Hello Staff" in email.text and "at least 10 wrong passwords" in email.text
    assert email.header("Subject") == wrong_passwords.KIND.subject


def test_an_operator_gets_one_too(post: Mailboxes, salon: Business) -> None:
    write(operator())
    send_due(NOON)
    assert len(post.emails("op@platform.test")) == 1


def test_nobody_is_answered_by_the_absent(post: Mailboxes, salon: Business) -> None:
    write(salon.staff)
    send_due(NOON)
    assert post.emails()[0].header("Auto-Submitted") == "auto-generated"


def test_what_is_told_once_is_written_once(post: Mailboxes, salon: Business) -> None:
    write(salon.staff, once="wrong_passwords 3 2026-11-18")
    with pytest.raises(AssertionError):
        write(salon.staff, once="wrong_passwords 3 2026-11-18")
    write(salon.staff, once="wrong_passwords 3 2026-11-19")


def test_a_business_sends_its_users_so_many_of_a_kind_in_a_day(
    post: Mailboxes, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST_TO_A_USER", 2)
    monkeypatch.setattr(queue, "MOST_OF_A_BUSINESS", 3)
    for who in (salon.staff, salon.staff, salon.admin):
        write(who, kind=webhook_disabled.KIND)
    for who in (salon.staff, salon.admin):
        with pytest.raises(AssertionError):
            write(who, kind=webhook_disabled.KIND)
    write(garage.staff, kind=webhook_disabled.KIND)
    write(salon.admin)
    write(salon.admin, kind=webhook_disabled.KIND, now=NOON + timedelta(days=1))


def test_without_a_mail_server_nothing_is_written(salon: Business) -> None:
    with unscoped("tests"):
        user = db.session.scalars(select(User).where(User.email == salon.staff)).one()
        assert not queue.possible()
        assert not queue.write(user, wrong_passwords.KIND, {"tries": 10}, NOON)


def test_what_is_rolled_back_is_not_sent(post: Mailboxes, salon: Business) -> None:
    with unscoped("tests"):
        user = db.session.scalars(select(User).where(User.email == salon.staff)).one()
        queue.write(user, wrong_passwords.KIND, {"tries": 10}, NOON)
        db.session.rollback()
    send_due(NOON)
    assert post.emails() == []


def test_without_a_clear_answer_it_is_not_sent_again(post: Mailboxes, salon: Business) -> None:
    id_ = write(salon.staff)
    post.fault("mail_reset_after")
    send_due(NOON)
    post.fault()
    for hours in range(1, 30):
        send_due(NOON + timedelta(hours=hours))
    assert len(post.emails()) == 1
    assert row(id_).sent_at is None and "could not confirm" in row(id_).failed_reason


def test_who_died_over_it_leaves_it_unsent_for_good(post: Mailboxes, salon: Business) -> None:
    id_ = write(salon.staff)
    assert queue.claim(NOON) is not None
    send_due(NOON + queue.LEASE - timedelta(seconds=1))
    assert row(id_).failed_reason is None, "somebody is at it"
    send_due(NOON + queue.LEASE)
    assert row(id_).failed_reason == queue.UNCONFIRMED
    assert post.emails() == []


def test_refused_for_now_it_is_tried_again_with_growing_pauses(
    post: Mailboxes, salon: Business
) -> None:
    id_ = write(salon.staff)
    post.fault("mail_greylisted")
    send_due(NOON)
    first = row(id_).send_after
    assert NOON + timedelta(seconds=59) < first < NOON + timedelta(seconds=90)
    send_due(first)
    assert row(id_).send_after > first + timedelta(seconds=110)
    post.fault()
    send_due(row(id_).send_after)
    assert len(post.emails()) == 1 and row(id_).attempts == 3


def test_refused_too_often_it_is_given_up(post: Mailboxes, salon: Business) -> None:
    id_ = write(salon.staff)
    post.fault("mail_greylisted")
    for _ in range(queue.MOST_ATTEMPTS):
        send_due(row(id_).send_after)
    assert row(id_).failed_reason == "The mail server did not take the email now."


def test_two_workers_send_each_once(app: Flask, post: Mailboxes, salon: Business) -> None:
    for _ in range(12):
        write(salon.staff)

    def work() -> None:
        with app.app_context():
            send_due(NOON)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(post.emails()) == 12


def test_a_broken_one_holds_up_no_other(post: Mailboxes, salon: Business) -> None:
    broken = write(salon.staff)
    with unscoped("tests"):
        db.session.execute(update(UserEmail).where(UserEmail.id == broken).values(kind="gone"))
        db.session.commit()
    write(salon.admin)
    send_due(NOON)
    assert [len(post.emails(to)) for to in (salon.staff, salon.admin)] == [0, 1]
    assert row(broken).attempts == 1 and row(broken).send_after > NOON


def test_a_user_who_is_gone_gets_none(post: Mailboxes, salon: Business) -> None:
    write(salon.staff)
    with unscoped("tests"):
        db.session.execute(delete(User).where(User.email == salon.staff))
        db.session.commit()
    send_due(NOON)
    assert post.emails() == []


def test_the_mail_server_gone_again_it_waits(app: Flask, post: Mailboxes, salon: Business) -> None:
    id_ = write(salon.staff)
    providers.configure("http://127.0.0.1:9")
    send_due(NOON)
    assert row(id_).attempts == 1 and row(id_).failed_reason is None
    providers.configure("http://127.0.0.1:9", app.extensions["settings"].mail_server)
    send_due(row(id_).send_after)
    assert len(post.emails()) == 1


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_is_filled_with_what_it_names(kind: object) -> None:
    values = {"name": "Maya", "url": "https://inbox.example", "tries": 10}
    values |= {"link": "https://inbox.example/x"}
    values |= {"business": "Bella", "told": "It is broken."}
    values |= {"webhook": "Till", "reason": "It answered 410."}
    values |= {"passkey": "Telephone", "done": "added to"}
    values |= {
        "rule": "Price",
        "who": "Maya",
        "customer": "Ann",
        "customer_id": 7,
        "text": "Look at this.",
        "until": "2026-11-25",
    }
    subject, text = kind.filled(values)  # type: ignore[attr-defined]
    assert "$" not in subject + text and "Maya" in text


def test_old_ones_are_forgotten_and_waiting_ones_are_not(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    waiting, at = write(salon.staff), NOON + queue.KEPT
    queue.forget(at)
    with unscoped("tests"):
        assert len(db.session.scalars(select(UserEmail)).all()) > 1
    queue.forget(at + timedelta(seconds=1))
    with unscoped("tests"):
        assert db.session.scalars(select(UserEmail.id)).all() == [waiting]
