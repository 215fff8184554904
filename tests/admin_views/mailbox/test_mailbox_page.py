"""An admin connects the mailbox: what is said, what is stored, and what is never shown again."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db, limiter, vault
from app.models import Mailbox, Tenant
from app.providers.imap import connection
from app.tenancy import tenant_scope
from tests.support import dovecot
from tests.support.browser import Browser
from tests.support.dovecot import Dovecot
from tests.support.email_in import written
from tests.support.mailbox import connected, look, said, state
from tests.support.world import Business

PAGE, TEST = "/admin/mailbox/", "/admin/mailbox/test"
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def unlimited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    limiter.reset()
    monkeypatch.setattr(connection, "GREETING_SECONDS", 0.3)


def fields(server: Dovecot, **other: object) -> dict[str, object]:
    return {
        "email": "hello@salon.test",
        "host": dovecot.HOST,
        "security": "tls",
        "port": server.tls,
        "user_name": "",
        "password": dovecot.PASSWORD,
        "folder": "INBOX",
    } | other


def mailboxes(business: Business) -> list[Mailbox]:
    db.session.rollback()
    with tenant_scope(business.id):
        return list(db.session.scalars(select(Mailbox)))


def test_a_mailbox_is_connected_and_read_from_then_on(
    imap: Dovecot, salon: Business, garage: Business, admin: Browser
) -> None:
    box = imap.add("hello@salon.test")
    box.deliver(written("Before"))
    answer = admin.post(PAGE, data=fields(imap), follow_redirects=True)
    assert "Emails that come in from now on appear in the inbox" in answer.text
    box.deliver(written("After"))
    look()
    assert said(salon) == ["After"]
    page = admin.get(PAGE).text
    assert "hello@salon.test" in page and "Last read" in page
    assert dovecot.PASSWORD not in page
    assert mailboxes(garage) == []
    assert "hello@salon.test" not in Browser(garage.admin).get(PAGE).text


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"password": "wrong"}, "refused the user name or the password"),
        ({"host": "no such host", "port": 993}, "There is no mail server of this name"),
        ({"host": "localhost", "port": 143}, "There is no mail server of this name"),
        ({"host": "192.168.1.1", "port": 993}, "There is no mail server of this name"),
        ({"host": "169.254.169.254", "port": 993}, "There is no mail server of this name"),
        ({"host": "8.8.8.8", "port": 25}, "Give 993, or 143 with STARTTLS"),
        ({"port": 9}, "cannot be reached"),
        ({"folder": "Kunden"}, "no such folder. Give one of the folders that it has; most mail"),
        ({"folder": "Kunden"}, "It has: INBOX"),
        ({"security": "starttls"}, "Give port 993 with TLS, or 143 with STARTTLS"),
        ({"user_name": "a\r\nX LOGOUT"}, "User name: Leave out line breaks"),
        ({"password": "a\r\nX LOGOUT"}, "Password: Leave out line breaks"),
        ({"folder": 'INBOX"\r\nA2 DELETE "INBOX'}, "Folder: Leave out line breaks"),
        ({"email": "nobody"}, "Email address:"),
        ({"port": 70000}, "Port: Give a port such as 993"),
    ],
)
def test_a_sign_in_is_tried_and_told_in_plain_words_and_nothing_is_stored(
    imap: Dovecot, salon: Business, admin: Browser, other: dict[str, object], told: str
) -> None:
    imap.add("hello@salon.test")
    answer = admin.post(TEST, data=fields(imap, **other), headers=JSON).get_json()
    assert answer["ok"] is False
    assert told in answer["said"]
    saved = admin.post(PAGE, data=fields(imap, **other))
    assert saved.status_code == 200
    assert mailboxes(salon) == []


def test_a_server_of_starttls_alone_and_a_tls_port_are_told_apart(
    imap: Dovecot, salon: Business, admin: Browser
) -> None:
    imap.add("hello@salon.test")
    works = fields(imap, security="starttls", port=imap.starttls)
    assert admin.post(TEST, data=works, headers=JSON).get_json()["ok"] is True
    wrong = fields(imap, port=imap.starttls)
    assert "port 993 with TLS" in admin.post(TEST, data=wrong, headers=JSON).get_json()["said"]


def test_a_certificate_of_another_name_gets_no_password(
    imap: Dovecot, salon: Business, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.lib.outside import outside_address

    monkeypatch.delenv("SSL_CERT_FILE")
    outside_address.tls.cache_clear()
    said_of = admin.post(TEST, data=fields(imap), headers=JSON).get_json()["said"]
    assert "certificate is not valid for this name" in said_of
    assert "Nothing was sent to it" in said_of


def test_the_test_without_a_script_shows_the_page(
    imap: Dovecot, salon: Business, admin: Browser
) -> None:
    imap.add("hello@salon.test")
    page = admin.post(TEST, data=fields(imap)).text
    assert "That works." in page and dovecot.PASSWORD not in page
    assert mailboxes(salon) == []


def test_a_stored_password_goes_to_no_other_server_or_user(
    imap: Dovecot, salon: Business, admin: Browser
) -> None:
    connected(salon, imap)
    kept = fields(imap, password="")
    assert admin.post(TEST, data=kept, headers=JSON).get_json()["ok"] is True
    elsewhere = (
        {"host": "mail.thief.example"},
        {"user_name": "thief@salon.test"},
        {"port": imap.starttls, "security": "starttls"},
    )
    for other in elsewhere:
        told = admin.post(TEST, data={**kept, **other}, headers=JSON).get_json()
        assert (told["ok"], "The password is missing" in told["said"]) == (False, True)
    assert admin.post(PAGE, data={**kept, "host": "mail.thief.example"}).status_code == 200
    assert state(salon).host == dovecot.HOST


def test_a_new_password_for_the_same_mailbox_loses_no_mail(
    imap: Dovecot, salon: Business, admin: Browser
) -> None:
    box = connected(salon, imap)
    with tenant_scope(salon.id):
        db.session.scalars(select(Mailbox)).one().password_sealed = vault().seal("wrong")
        db.session.commit()
    box.deliver(written("While it was wrong"))
    look()
    assert "refused the user name" in admin.get(PAGE).text
    admin.post(PAGE, data=fields(imap))
    look()
    assert said(salon) == ["While it was wrong"]
    assert len(mailboxes(salon)) == 1


def test_another_folder_begins_at_its_newest_mail(
    imap: Dovecot, salon: Business, admin: Browser
) -> None:
    box = connected(salon, imap)
    box.deliver_into("Kunden", written("Old"))
    admin.post(PAGE, data=fields(imap, folder="Kunden"))
    box.deliver_into("Kunden", written("New"))
    look()
    assert said(salon) == ["New"]


def test_a_disconnected_mailbox_is_read_no_more_and_its_password_is_gone(
    imap: Dovecot, salon: Business, garage: Business, admin: Browser
) -> None:
    connected(garage, imap)
    connected(salon, imap).deliver(written())
    page = admin.post("/admin/mailbox/disconnect", follow_redirects=True).text
    assert "Disconnected." in page
    look()
    assert (mailboxes(salon), said(salon)) == ([], [])
    assert len(mailboxes(garage)) == 1


def test_the_address_for_an_email_service_is_made_shown_and_replaced(
    salon: Business, admin: Browser
) -> None:
    assert "/inbound?token=" not in admin.get(PAGE).text
    admin.post("/admin/mailbox/new-address")
    first = admin.get(PAGE).text.partition("/inbound?token=")[2][:32]
    admin.post("/admin/mailbox/new-address")
    second = admin.get(PAGE).text.partition("/inbound?token=")[2][:32]
    assert first and second and first != second
    path = f"/api/email/salon/inbound?token={first}"
    assert Browser().client.post(path, data=b"From: a@b.example\n\nc").status_code == 403


def test_sign_ins_are_not_tried_without_end(imap: Dovecot, salon: Business, admin: Browser) -> None:
    imap.add("hello@salon.test")
    wrong = fields(imap, email="nobody")
    codes = [admin.post(TEST, data=wrong, headers=JSON).status_code for _ in range(12)]
    assert codes == [200] * 10 + [429] * 2
    assert admin.get(PAGE).status_code == 200


def test_what_is_said_of_answers_is_true(
    imap: Dovecot, salon: Business, admin: Browser, staff: Browser
) -> None:
    thread = f"/messages/{salon.customer_id}"
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.reply_to = "hello@salon.test"
    db.session.commit()
    assert "Answers go to your own mailbox, hello@salon.test." in staff.get(thread).text
    admin.post("/admin/mailbox/new-address")
    assert "and come into this inbox if they are passed on." in staff.get(thread).text
    connected(salon, imap)
    assert "Answers go to hello@salon.test and come into this inbox." in staff.get(thread).text
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.reply_to = "bella@salon.test"
    db.session.commit()
    assert "This inbox reads another mailbox, hello@salon.test." in staff.get(thread).text


def test_who_opens_the_tests_address_again_comes_to_the_page(admin: Browser) -> None:
    assert admin.get(TEST).headers["Location"] == PAGE
