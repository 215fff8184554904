"""Who may come in, how often they may try, and what ends a session."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import User
from app.tenancy import unscoped
from tests.support.browser import Browser, visitor
from tests.support.world import PASSWORD, Business


def test_sign_in_leads_to_the_inbox(salon: Business) -> None:
    browser = Browser()
    answer = browser.sign_in(salon.staff)
    assert answer.status_code == 302
    assert browser.get("/").location == "/messages"


def test_the_email_is_not_case_sensitive(salon: Business) -> None:
    assert Browser().sign_in(salon.staff.upper()).status_code == 302


def test_a_wrong_password_and_an_unknown_email_are_answered_alike(salon: Business) -> None:
    wrong = Browser().sign_in(salon.staff, "not-the-password")
    unknown = Browser().sign_in("nobody@salon.test", "not-the-password")
    assert wrong.status_code == unknown.status_code == 200

    def without_tokens(text: str) -> list[str]:
        return [line for line in text.splitlines() if "csrf" not in line and "@" not in line]

    assert without_tokens(wrong.text) == without_tokens(unknown.text)


def test_the_seventh_wrong_try_for_an_email_is_refused(salon: Business) -> None:
    browser = Browser()
    codes = [browser.sign_in(salon.staff, f"wrong-{n}").status_code for n in range(7)]
    assert codes == [200] * 6 + [429]
    # The right password does not help whoever guesses, and another person is not locked out.
    assert browser.sign_in(salon.staff).status_code == 429
    assert Browser().sign_in(salon.admin).status_code == 302


def test_one_caller_cannot_try_many_emails(salon: Business) -> None:
    browser = Browser()
    codes = {browser.sign_in(f"{n}@salon.test", "wrong").status_code for n in range(31)}
    assert 429 in codes


def test_right_sign_ins_are_not_counted(salon: Business) -> None:
    for _ in range(10):
        assert Browser().sign_in(salon.staff).status_code == 302


def test_the_password_is_kept_as_argon2(salon: Business) -> None:
    with unscoped("tests"):
        stored = db.session.scalars(select(User.password)).all()
    assert stored
    assert all(password.startswith("$argon2") for password in stored)


def test_a_password_costs_whoever_guesses_it_what_owasp_asks(app: Flask) -> None:
    # OWASP's Password Storage Cheat Sheet: argon2id with 19 MiB and two rounds at least.
    context = app.extensions["real_pwd_context"]
    kind, costs = re.fullmatch(r"\$(\w+)\$v=19\$(.*?)\$.*", context.hash("x")).groups()
    cost = dict(pair.split("=") for pair in costs.split(","))
    assert (kind, int(cost["m"]) >= 19_456, int(cost["t"]) >= 2) == ("argon2id", True, True)


def change_password(browser: Browser, new: str) -> int:
    form = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    return browser.post("/password", data=form | {"csrf_token": browser.token}).status_code


def test_a_changed_password_ends_the_other_sessions(salon: Business, staff: Browser) -> None:
    elsewhere = Browser(salon.staff)
    assert elsewhere.get("/messages").status_code == 200
    assert change_password(staff, "a-new-long-password") == 302
    assert staff.get("/messages").status_code == 200
    assert elsewhere.get("/messages").status_code == 302
    assert Browser().sign_in(salon.staff).status_code == 200
    assert Browser().sign_in(salon.staff, "a-new-long-password").status_code == 302


def test_a_short_password_is_refused(salon: Business, staff: Browser) -> None:
    assert change_password(staff, "short") == 200
    assert Browser().sign_in(salon.staff).status_code == 302


def test_signing_out_ends_the_session_and_needs_a_post(salon: Business, staff: Browser) -> None:
    assert staff.get("/logout").status_code == 405
    assert staff.post("/logout").status_code == 302
    assert staff.get("/messages").status_code == 302


def test_somebody_deactivated_is_out(salon: Business, staff: Browser) -> None:
    with unscoped("tests"):
        db.session.scalars(select(User).where(User.email == salon.staff)).one().active = False
        db.session.commit()
    assert staff.get("/messages").status_code == 302
    assert Browser().sign_in(salon.staff).status_code == 200


@pytest.mark.parametrize(
    "next_url", ["//evil.example", "https://evil.example", "/%09/evil.example"]
)
def test_sign_in_does_not_lead_away(salon: Business, next_url: str) -> None:
    browser = Browser()
    browser.refresh_token()
    form = {"email": salon.staff, "password": PASSWORD, "csrf_token": browser.token}
    answer = browser.client.post(f"/login?next={next_url}", data=form)
    assert "evil" not in (answer.location or "")


def test_an_unsafe_request_without_a_token_is_refused(salon: Business, staff: Browser) -> None:
    form = {"customer_id": salon.customer_id, "channel": "sms", "body": "x"}
    assert staff.client.post("/messages/send", data=form).status_code == 400
    assert visitor().post(
        "/login", data={"email": salon.staff, "password": PASSWORD}
    ).status_code in (
        200,
        400,
    )


def test_the_session_cookie_is_kept_from_scripts(app: Flask, salon: Business) -> None:
    browser = Browser()
    cookies = browser.sign_in(salon.staff).headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["device_3", "session"]
    for cookie in cookies:
        assert "HttpOnly" in cookie and ("SameSite=Lax" in cookie or "SameSite=Strict" in cookie)
