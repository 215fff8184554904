"""Who may come in, how often they may try, and what ends a session."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select

from app.demo import KNOWN_PASSWORD
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
        random = ("csrf", "nonce", "@")
        return [line for line in text.splitlines() if not any(map(line.__contains__, random))]

    assert without_tokens(wrong.text) == without_tokens(unknown.text)


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


def test_no_page_of_sign_in_is_kept_by_the_browser(salon: Business, staff: Browser) -> None:
    # Flask-Security's own header says no-store=True, which no browser knows.
    for answer in (Browser().client.get("/login"), staff.get("/password"), staff.post("/logout")):
        assert answer.headers["Cache-Control"] == "no-store"


def test_sign_in_takes_a_form_and_no_json(salon: Business) -> None:
    browser = Browser()
    for email in (salon.staff, [salon.staff], {"x": 1}):
        answer = browser.post("/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 415
    assert Browser(salon.staff).post("/password", json={"password": [PASSWORD]}).status_code == 415


def test_an_endless_password_is_not_read(salon: Business) -> None:
    browser = Browser()
    form = {"email": salon.staff, "password": "x" * 70_000, "csrf_token": browser.token}
    assert browser.client.post("/login", data=form).status_code == 413


def test_a_password_with_a_nul_in_it_is_wrong_and_no_more(salon: Business) -> None:
    assert Browser().sign_in(salon.staff, "a\x00" + PASSWORD).status_code == 200


def test_the_demos_password_holds_on_its_own_machine_alone(salon: Business) -> None:
    with unscoped("tests"):
        user = db.session.scalars(select(User).where(User.email == salon.staff)).one()
        user.password = hash_password(KNOWN_PASSWORD)
        db.session.commit()
    for elsewhere in ({"REMOTE_ADDR": "198.51.100.7"}, {"REMOTE_ADDR": "2001:db8::1"}):
        refused = Browser().sign_in(salon.staff, KNOWN_PASSWORD, environ_base=elsewhere)
        assert refused.status_code == 200 and "do not fit together" in refused.text
    assert Browser().sign_in(salon.staff, KNOWN_PASSWORD).status_code == 302


def test_the_demos_password_holds_nowhere_once_others_can_come(
    app: Flask, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_the_demos_password_holds_on_its_own_machine_alone(salon)
    shown = replace(app.extensions["settings"], bind="0.0.0.0")  # noqa: S104
    monkeypatch.setitem(app.extensions, "settings", shown)
    assert Browser().sign_in(salon.staff, KNOWN_PASSWORD).status_code == 200
