"""What comes into a business's mailbox is in its inbox, once, whatever dies or lies on the way."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.inbound.emails.receive_email import receive_email
from app.inbound.mailboxes import connect_mailbox, read_mailboxes, store_mail
from app.inbound.mailboxes.mailbox_lease import LEASE, take
from app.lib.time.clock import now
from app.models import Media, Tenant
from app.providers.inbound_email import mime
from app.tenancy import tenant_scope
from tests.support import mailbox
from tests.support.browser import Browser
from tests.support.dovecot import Dovecot
from tests.support.email_in import post, written
from tests.support.mailbox import connected, emails, look, said, state
from tests.support.poison import POISON
from tests.support.world import Business

MINUTE = timedelta(minutes=1)


def test_a_mail_is_in_the_inbox_of_its_business_alone(
    imap: Dovecot, salon: Business, garage: Business, staff: Browser
) -> None:
    box, theirs = connected(salon, imap), connected(garage, imap)
    box.deliver(written("Is <b>tomorrow</b> free?"))
    theirs.deliver(written("My brakes squeak"))
    assert look() == 2
    [came] = emails(salon)
    assert (came.sender, came.subject) == ("ann@lee.example", "A question")
    assert "Is &lt;b&gt;tomorrow&lt;/b&gt; free?" in staff.get(f"/messages/{came.customer_id}").text
    assert said(garage) == ["My brakes squeak"]


def test_what_was_there_before_is_not_read(imap: Dovecot, salon: Business) -> None:
    box = imap.add("hello@salon.test")
    for year in ("1", "2", "3"):
        box.deliver(written(f"Year {year}"))
    with tenant_scope(salon.id):
        connect_mailbox.connect(mailbox.entered(salon, imap), now())
    look()
    assert said(salon) == []
    box.deliver(written("Today"))
    look()
    assert said(salon) == ["Today"]


def test_nothing_in_the_mailbox_is_changed(imap: Dovecot, salon: Business) -> None:
    box = connected(salon, imap)
    box.deliver(written())
    look()
    assert box.flags() == [""], "seen by nobody"


def test_a_mail_that_somebody_has_read_already_comes_in_too(imap: Dovecot, salon: Business) -> None:
    box = connected(salon, imap)
    file = box.deliver(written("Read on a telephone"))
    file.rename(box.path / "cur" / f"{file.name}:2,S")
    look()
    assert said(salon) == ["Read on a telephone"]


def test_a_mail_that_is_read_twice_is_one_message(imap: Dovecot, salon: Business) -> None:
    box = connected(salon, imap)
    box.deliver(written())
    look()
    look()
    assert len(emails(salon)) == 1


def test_what_comes_by_the_webhook_and_the_mailbox_is_one_message(
    imap: Dovecot, salon: Business
) -> None:
    box, mail = connected(salon, imap), written()
    post(salon, mail)
    box.deliver(mail)
    look()
    assert len(emails(salon)) == 1


def test_after_the_newest_mail_was_deleted_the_next_one_comes_in(
    imap: Dovecot, salon: Business
) -> None:
    box = connected(salon, imap)
    box.deliver(written("First"))
    look()
    box.take_away()
    look()
    box.deliver(written("Second"))
    look()
    assert said(salon) == ["First", "Second"]


def test_whoever_dies_between_storing_and_the_mark_leaves_no_double_and_no_gap(
    imap: Dovecot, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = connected(salon, imap)
    for text in ("One", "Two", "Three"):
        box.deliver(written(text))

    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as during, pytest.raises(KeyboardInterrupt):
        during.setattr(store_mail, "_move", killed)
        look()
    assert said(salon) == ["One"]
    assert state(salon).last_uid == 0
    assert read_mailboxes.read_mailboxes(now()) == 0, "its lease stands"
    look()
    assert said(salon) == ["One", "Two", "Three"]
    assert state(salon).last_uid == 3


def test_a_reader_whose_lease_went_to_another_moves_no_mark(
    imap: Dovecot, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = connected(salon, imap)
    for text in ("One", "Two"):
        box.deliver(written(text))
    stored = receive_email

    def slow(*args: object, **options: object) -> bool:
        """Meanwhile another one reads it all."""
        monkeypatch.setattr(store_mail, "receive_email", stored)
        look(now() + LEASE)
        return stored(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(store_mail, "receive_email", slow)
    look()
    assert said(salon) == ["One", "Two"]
    assert state(salon).last_uid == 2
    assert state(salon).trouble is None


def test_a_mailbox_is_taken_by_one_worker_at_a_time(
    imap: Dovecot, app: Flask, salon: Business, garage: Business
) -> None:
    connected(salon, imap)
    connected(garage, imap)
    moment = now() + MINUTE
    taken = [take(moment) for _ in range(3)]
    assert [each and each.tenant_id for each in taken] == [salon.id, garage.id, None]
    assert take(moment + LEASE) is not None, "whoever held it is dead"


def test_another_uidvalidity_brings_nothing_a_second_time_and_loses_nothing(
    imap: Dovecot, salon: Business
) -> None:
    box = connected(salon, imap)
    for text in ("One", "Two"):
        box.deliver(written(text, Date=f"{now():%a, %d %b %Y %H:%M:%S} +0000"))
    look()
    box.number_anew()
    box.deliver(written("Three", Date=f"{now():%a, %d %b %Y %H:%M:%S} +0000"))
    look()
    look()
    assert said(salon) == ["One", "Two", "Three"]
    assert state(salon).anew_since is None


def test_another_uidvalidity_brings_no_mail_of_years_ago(imap: Dovecot, salon: Business) -> None:
    box = imap.add("hello@salon.test")
    # As when the files of a mailbox were copied: to the server all of them came today.
    box.deliver(written("Old", Date="Wed, 18 Nov 2020 12:00:00 -0500"))
    box.deliver(written("Old to the server, too"), at=now() - timedelta(days=400))
    with tenant_scope(salon.id):
        connect_mailbox.connect(mailbox.entered(salon, imap), now())
    box.number_anew()
    look()
    look()
    assert said(salon) == []
    box.deliver(written("New"))
    look()
    assert said(salon) == ["New"]


def test_a_mail_from_before_what_is_kept_is_not_taken_in_again(
    imap: Dovecot, salon: Business
) -> None:
    box = connected(salon, imap)
    db.session.get_one(Tenant, salon.id).messages_kept_years = 1
    db.session.commit()
    years_ago = now() - timedelta(days=800)
    box.deliver(written("Archived", Date=f"{years_ago:%a, %d %b %Y %H:%M:%S} +0000"), at=years_ago)
    box.deliver(written("The server's clock", Date=f"{now():%a, %d %b %Y %T} +0000"), at=years_ago)
    look()
    assert said(salon) == ["The server's clock"]


def test_a_mail_that_is_read_otherwise_by_now_is_known_after_a_new_uidvalidity(
    imap: Dovecot, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = connected(salon, imap)
    box.deliver(written("Hello", Date=f"{now():%a, %d %b %Y %H:%M:%S} +0000"))
    look()
    with tenant_scope(salon.id):
        emails(salon)[0].provider_sid = "email:as-another-version-of-ours-called-it"
        db.session.commit()
    box.number_anew()
    look()
    assert len(emails(salon)) == 1


def test_many_mails_come_in_over_several_turns_in_their_order(
    imap: Dovecot, salon: Business
) -> None:
    box = connected(salon, imap)
    texts = [f"Mail {count}" for count in range(120)]
    for text in texts:
        box.deliver(written(text))
    look()
    assert said(salon) == texts


def test_what_the_business_wrote_itself_is_no_customers_message(
    imap: Dovecot, salon: Business
) -> None:
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.reply_to = "bella@salon.test"
    db.session.commit()
    box = connected(salon, imap)
    box.deliver(written(From="Bella <Hello@salon.test>"))
    box.deliver(written(From="Bella@salon.test"))
    look()
    assert said(salon) == []
    assert state(salon).last_uid == 2


def test_a_stop_counts_as_of_when_it_came(imap: Dovecot, salon: Business, staff: Browser) -> None:
    box, came = connected(salon, imap), now() - timedelta(hours=5)
    box.deliver(written("Late"), at=came)
    look()
    [late] = emails(salon)
    assert abs(late.created_at - came) < MINUTE
    assert late.recovered
    assert "read from your mailbox late" in staff.get(f"/messages/{late.customer_id}").text


@pytest.mark.parametrize("years", [-55, 80])
def test_a_server_whose_clock_is_wrong_hides_no_mail(
    imap: Dovecot, salon: Business, years: int
) -> None:
    connected(salon, imap).deliver(written("Hello"), at=now() + timedelta(days=365 * years))
    look()
    [came] = emails(salon)
    assert now() - store_mail.OLDEST - MINUTE < came.created_at <= now()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"no head at all",
        b"\0\xff\xfe\n\n\0",
        b"Subject: " + b"a" * 2_000_000 + b"\n\nLong",
        b"X: y\n" * 30_000 + b"\nBody",
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 10_000,
    ],
    ids=["empty", "line", "headless", "binary", "long header", "many headers", "nested"],
)
def test_a_mail_that_cannot_be_read_is_shown_as_such_and_the_next_one_comes_in(
    imap: Dovecot, salon: Business, raw: bytes, staff: Browser
) -> None:
    box = connected(salon, imap)
    box.deliver(raw)
    box.deliver(written("And the next"))
    look()
    told = said(salon)
    assert len(told) == 2 and told[1] == "And the next"
    assert staff.get(f"/messages/{emails(salon)[0].customer_id}").status_code == 200
    assert state(salon).trouble is None


def test_one_that_cannot_be_taken_apart_is_attached_as_it_came(
    imap: Dovecot, salon: Business
) -> None:
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 10_000
    connected(salon, imap).deliver(raw)
    look()
    with tenant_scope(salon.id):
        query = select(Media).where(Media.message_id == emails(salon)[0].id)
        kept = db.session.scalars(query).one()
    assert kept.content == raw.replace(b"\n", b"\r\n")


def test_two_headless_mails_are_two(imap: Dovecot, salon: Business) -> None:
    box = connected(salon, imap)
    for raw in (b"one without a head", b"another without a head"):
        box.deliver(raw)
    look()
    assert len(said(salon)) == 2


def test_a_mail_of_30_mb_is_told_by_its_head(imap: Dovecot, salon: Business) -> None:
    box = connected(salon, imap)
    box.deliver(written("x" * 990 + "\n" + ("y" * 76 + "\n") * 420_000, Subject="The film"))
    box.deliver(written("And the next"))
    look()
    [large, following] = emails(salon)
    assert large.sender == "ann@lee.example"
    assert large.subject == "The film"
    assert "too large to be shown here (31 MB)" in large.body
    assert following.body == "And the next"


def test_a_mail_over_which_our_code_breaks_is_kept_as_it_came(
    imap: Dovecot, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, read = connected(salon, imap), mime.read

    def breaks(raw: memoryview) -> object:
        if POISON.encode() in bytes(raw):
            raise ZeroDivisionError
        return read(raw)

    monkeypatch.setattr(mime, "read", breaks)
    box.deliver(written(POISON))
    box.deliver(written("And the next"))
    look()
    [broken, following] = said(salon)
    assert "could not be read" in broken
    assert following == "And the next"


def test_while_the_database_is_away_no_mark_moves(
    imap: Dovecot, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(salon, imap).deliver(written("Patience"))

    def away(*_: object, **__: object) -> bool:
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as during:
        during.setattr(store_mail, "receive_email", away)
        look()
    assert state(salon).last_uid == 0
    assert state(salon).trouble is None
    look()
    assert said(salon) == ["Patience"]


def test_a_mail_that_nothing_can_store_is_not_passed_over(
    imap: Dovecot, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(salon, imap).deliver(written("Patience"))

    def breaks(*_: object, **__: object) -> bool:
        raise ZeroDivisionError

    with monkeypatch.context() as during:
        during.setattr(store_mail, "receive_email", breaks)
        look()
    assert (state(salon).last_uid, state(salon).trouble) == (0, "fault")
    look()
    assert said(salon) == ["Patience"]
    assert state(salon).failing_since is None


def test_a_mailbox_that_is_disconnected_meanwhile_is_left(
    imap: Dovecot, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, stored = connected(salon, imap), receive_email
    for text in ("One", "Two", "Three"):
        box.deliver(written(text))

    def parts(*args: object, **options: object) -> bool:
        connect_mailbox.disconnect()
        return stored(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(store_mail, "receive_email", parts)
    look()
    assert said(salon) == ["One"]
