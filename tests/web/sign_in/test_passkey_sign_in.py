"""Somebody signs in with a passkey, alone or after the password; and whom it does not let in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import AuditEntry, Passkey, PlatformAuditEntry, User, UserEmail
from app.tenancy import unscoped
from app.users import passwords, second_factor, user_access
from app.web.sign_in import passkey_answer
from tests.admin_views.reading import everybodys, rows
from tests.support import passkeys
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.passkeys import Device, answer, asked, given, sign_in
from tests.support.world import PASSWORD, Business, operator

UNKNOWN = "This passkey lets nobody in here"


def is_in(browser: Browser) -> bool:
    return browser.get("/messages").status_code == 200


def said(browser: Browser) -> str:
    """What the sign-in page says after it."""
    return browser.get("/login").text


def options(browser: Browser) -> passkeys.Options:
    found: passkeys.Options = browser.post("/login/passkey/options").json["publicKey"]
    return found


def changed(email: str, change: Callable[[User], object]) -> None:
    with unscoped("tests"):
        change(db.session.scalars(select(User).where(User.email == email)).one())
        db.session.commit()
        db.session.remove()


def did(business: Business) -> list[tuple[str, str]]:
    return [(entry.action, entry.actor_name) for entry in rows(business, AuditEntry)]


def half_in(email: str) -> tuple[Browser, passkeys.Options]:
    """The password was right, and the page asks for a passkey."""
    browser = Browser()
    assert browser.sign_in(email).location.startswith("/login/code")
    return browser, asked(browser.get("/login/code").text)


def second(browser: Browser, answer: str) -> str:
    """Where the second step leads."""
    return browser.post("/login/code/passkey", data={"answer": answer}).location


def test_a_passkey_alone_lets_its_person_in_where_they_wanted_to_go(
    salon: Business, garage: Business
) -> None:
    device, others = given(salon.staff), given(garage.staff)
    browser = Browser()
    assert sign_in(browser, device, "?next=/messages").location == "/messages"
    assert is_in(browser)
    page = browser.get("/messages").text
    assert f"Hello from {salon.slug}" in page and garage.name not in page
    assert ("passkey_used", "Staff") in did(salon) and ("signed_in", "Staff") in did(salon)
    assert ("passkey_used", "Staff") not in did(garage)
    away = Browser()
    assert "evil" not in sign_in(away, others, "?next=//evil.example").location
    assert is_in(away), "and it goes on counting"


def test_an_operator_signs_in_with_one_as_well(salon: Business) -> None:
    browser, device = Browser(), given(operator())
    assert sign_in(browser, device).status_code == 302
    assert browser.get("/admin/tenants/").status_code == 200
    actions = {entry.action for entry in db.session.scalars(select(PlatformAuditEntry))}
    assert {"passkey_added", "passkey_used", "signed_in"} <= actions


def test_an_answer_counts_once_also_with_the_session_that_it_was_asked_in(
    salon: Business,
) -> None:
    """Whoever has copied both the cookie and the answer comes too late."""
    device = given(salon.staff, Device(counts=False))
    browser, thief = Browser(), Browser()
    told = device.get(options(browser))
    cookie = browser.client.get_cookie("session")
    assert answer(browser, told).location == "/" and is_in(browser)
    thief.client.set_cookie("session", cookie.value)
    thief.token = browser.token
    for _ in range(2):
        thief.client.set_cookie("session", cookie.value)
        thief.refresh_token()
        assert answer(thief, told).location.startswith("/login") and not is_in(thief)
    assert sign_in(Browser(), device).location == "/", "its person comes in again"


def test_of_two_answers_at_the_same_moment_one_counts(app: Flask, salon: Business) -> None:
    device = given(salon.staff, Device(counts=False))
    browser = Browser()
    told, cookie = device.get(options(browser)), browser.client.get_cookie("session")
    browsers = [Browser() for _ in range(3)]
    for each in browsers:
        each.client.set_cookie("session", cookie.value)
        each.token = browser.token

    def in_a_thread(each: Browser) -> str:
        with app.app_context():
            return answer(each, told).location

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(in_a_thread, browsers)) == ["/", "/login", "/login"]
    assert sum(map(is_in, browsers)) == 1


def test_what_was_not_asked_here_or_long_ago_is_refused(salon: Business) -> None:
    device = given(salon.staff)
    nobody, other, late = Browser(), Browser(), Browser()
    told = device.get(options(other))
    assert answer(nobody, told).location == "/login" and not is_in(nobody)
    assert "took too long" in said(nobody)
    options(nobody)
    answer(nobody, told)
    assert UNKNOWN in said(nobody) and not is_in(nobody), "asked in another browser"
    told = device.get(options(late))
    with time_machine.travel(now() + passkey_answer.HOLDS + timedelta(seconds=1)):
        assert answer(late, told).location == "/login"
        assert "took too long" in said(late) and not is_in(late)


def test_who_may_sign_in_no_more_is_told_the_same_as_a_stranger(salon: Business) -> None:
    deleted, disabled, stranger = given(salon.staff), given(salon.admin), Device()
    stranger.handle = disabled.handle
    changed(salon.admin, lambda user: setattr(user, "active", False))
    with unscoped("tests"):
        for passkey in db.session.query(Passkey).filter_by(credential_id=deleted.credential_id):
            db.session.delete(passkey)
        db.session.commit()
    for device in (deleted, disabled, stranger):
        browser = Browser()
        assert sign_in(browser, device).location == "/login" and not is_in(browser)
        assert UNKNOWN in said(browser)


def test_another_address_another_person_and_another_key_are_refused(
    salon: Business, garage: Business
) -> None:
    device, theirs = given(salon.staff), given(garage.staff)
    there = Device(
        key=device.key, credential_id=device.credential_id, origin="https://evil.example"
    )
    there.handle = device.handle
    forged = Device(credential_id=device.credential_id)
    forged.handle = device.handle
    nameless = Device(key=device.key, credential_id=device.credential_id)
    somebody = Device(key=device.key, credential_id=device.credential_id)
    somebody.handle = theirs.handle
    for wrong in (there, forged, nameless, somebody):
        browser = Browser()
        assert sign_in(browser, wrong).location == "/login" and not is_in(browser)
        assert UNKNOWN in said(browser)
    assert did(salon).count(("passkey_refused", "")) == 2
    assert ("passkey_refused", "") not in did(garage)
    assert sign_in(Browser(), device).location == "/"


def test_a_device_that_did_not_check_who_holds_it_lets_in_after_the_password_alone(
    salon: Business,
) -> None:
    device = given(salon.staff, Device(verifies=False))
    browser = Browser()
    assert sign_in(browser, device).location == "/login" and not is_in(browser)
    assert "did not check that it is you" in said(browser)
    browser, question = half_in(salon.staff)
    assert question["userVerification"] == "discouraged"
    assert second(browser, device.get(question)) == "/" and is_in(browser)


def test_a_count_that_goes_back_is_refused_and_told_once_a_day(
    salon: Business, garage: Business, post: Mailboxes
) -> None:
    device = given(salon.staff)
    copy = Device(key=device.key, credential_id=device.credential_id, handle=device.handle)
    for _ in range(3):
        assert sign_in(Browser(), device).location == "/"
    for _ in range(2):
        thief = Browser()
        assert sign_in(thief, copy).location == "/login" and not is_in(thief)
        assert "may have been copied" in said(thief)
    told = [email for email in everybodys(UserEmail) if email.kind == "copied_passkey"]
    assert [(email.tenant_id, email.values) for email in told] == [
        (salon.id, {"passkey": "Telephone"})
    ]
    entries = [entry for entry in rows(salon, AuditEntry) if entry.action == "passkey_refused"]
    assert [entry.facts for entry in entries] == [{"passkey": "Telephone", "copied": True}] * 2
    assert sign_in(Browser(), device).location == "/"
    device.counts, device.count = False, 0
    assert sign_in(Browser(), device).location == "/login", "it counted before"


def test_after_the_password_one_of_their_own_passkeys_is_the_second_step(
    salon: Business, garage: Business
) -> None:
    device, theirs, colleagues = given(salon.staff), given(garage.staff), given(salon.admin)
    for wrong in (theirs, colleagues):
        browser, question = half_in(salon.staff)
        assert [passkeys.from_base64(each["id"]) for each in question["allowCredentials"]] == [
            device.credential_id
        ]
        assert second(browser, wrong.get(question)) == "/login/code" and not is_in(browser)
        assert UNKNOWN in browser.get("/login/code").text
    browser, question = half_in(salon.staff)
    nameless = Device(key=device.key, credential_id=device.credential_id)
    assert second(browser, nameless.get(question)) == "/", "the password has named them"
    assert is_in(browser) and ("passkey_used", "Staff") in did(salon)


def test_an_answer_to_one_question_is_none_to_the_other(salon: Business) -> None:
    device = given(salon.staff)
    browser, question = half_in(salon.staff)
    alone = device.get(options(browser))
    assert second(browser, alone) == "/login/code" and not is_in(browser)
    browser, question = half_in(salon.staff)
    answer(browser, device.get(question))
    assert not is_in(browser)


def test_who_has_given_no_password_is_asked_for_no_second_step(salon: Business) -> None:
    device = given(salon.staff)
    browser = Browser()
    told = device.get(options(browser))
    assert second(browser, told) == "/login" and not is_in(browser)


def test_with_passkeys_alone_a_recovery_code_still_lets_in_and_no_code_of_an_app(
    salon: Business,
) -> None:
    browser = Browser(salon.staff)
    codes = passkeys.add(browser, Device()).text.partition("recovery-codes")[2]
    code = codes.partition("<code>")[2].partition("</code>")[0]
    there, _ = half_in(salon.staff)
    page = there.get("/login/code").text
    assert "Your passkey" in page and "six digits" not in page
    wrong = there.post("/login/code", data={"code": "000000"})
    assert wrong.status_code == 200 and "cannot read the key" not in wrong.text
    assert there.post("/login/code", data={"code": code}).location == "/" and is_in(there)


def test_a_passkey_outlasts_a_new_password_and_ends_with_a_reset(salon: Business) -> None:
    device = given(salon.staff)
    changed(salon.staff, lambda user: passwords.set_password(user, "four-words-for-you", now()))
    assert sign_in(Browser(), device).location == "/"
    changed(salon.staff, lambda user: second_factor.turn_off(user, "The operator", now()))
    assert sign_in(Browser(), device).location == "/login"
    assert not [each for each in everybodys(Passkey) if each.credential_id == device.credential_id]


def test_whoever_is_disabled_between_question_and_answer_stays_out(salon: Business) -> None:
    device = given(salon.staff)
    browser, question = half_in(salon.staff)
    changed(salon.staff, lambda user: user_access.disable(user, now()))
    assert second(browser, device.get(question)) == "/login" and not is_in(browser)


def test_so_many_wrong_answers_as_passwords_and_then_none_is_looked_at(salon: Business) -> None:
    device = given(salon.staff)
    forged = Device(credential_id=device.credential_id)
    forged.handle = device.handle
    browser = Browser()
    for _ in range(6):
        assert sign_in(browser, forged).status_code == 302
    refused = sign_in(browser, device)
    assert refused.status_code == 429 and "Too many passkeys" in refused.text
    assert Browser().sign_in(salon.staff, PASSWORD).status_code == 302, "the password is apart"


@pytest.mark.parametrize("hostile", ["", "null", "{}", "[" * 9000, "\x00", '{"id": "é"}'])
def test_nonsense_is_told_in_the_same_words(salon: Business, hostile: str) -> None:
    given(salon.staff)
    browser = Browser()
    options(browser)
    assert answer(browser, hostile).location == "/login"
    assert UNKNOWN in said(browser) and not is_in(browser)
    assert browser.post("/login/passkey", json={"answer": hostile}).status_code == 415


def test_where_browsers_know_no_passkeys_the_page_has_no_button(
    app: Flask, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, browser = given(salon.staff), Browser()
    told = device.get(options(browser))
    assert "Use a passkey" in said(browser)
    settings = replace(app.extensions["settings"], public_url="http://inbox.example.com")
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert "passkey" not in said(browser)
    assert browser.post("/login/passkey/options").status_code == 204
    assert answer(browser, told).location == "/login" and not is_in(browser)
    assert browser.sign_in(salon.staff).location.startswith("/login/code")
    assert "recovery codes" in browser.get("/login/code").text
