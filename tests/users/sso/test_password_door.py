"""Where a business signs in by its provider only, passwords let in whoever breaks glass alone."""

import re

from flask import Flask

from app.extensions import db
from app.models import AuditEntry, UserInvitation
from app.tenancy import unscoped
from tests.admin_views.reading import rows
from tests.support import passkeys
from tests.support.authenticator import given
from tests.support.browser import Browser
from tests.support.single_sign_on import change, connect, is_in
from tests.support.world import PASSWORD, Business, operator

# Public, and called by nobody here.
ISSUER = "https://93.184.215.14"
NEW = "four-words-nobody-knows"


def signs_in(email: str, password: str = PASSWORD) -> bool:
    browser = Browser()
    answer = browser.sign_in(email, password)
    return answer.status_code == 302 and is_in(browser)


def test_a_password_lets_nobody_in_but_admins_with_a_second_factor_and_operators(
    salon: Business, garage: Business
) -> None:
    connect(salon, ISSUER, required=True)
    app, _ = given(salon.admin)
    _, codes = given(salon.staff)
    for email in (salon.staff, salon.admin):
        change(email, lambda user: None)
    browser = Browser()
    answer = browser.sign_in(salon.staff)
    assert answer.status_code == 200 and "single sign-on only" in answer.text
    assert browser.post("/login/code", data={"code": codes[0]}).location == "/login"
    assert not is_in(browser)
    admin = Browser()
    assert admin.sign_in(salon.admin).location.startswith("/login/code")
    assert admin.post("/login/code", data={"code": app.code()}).location == "/" and is_in(admin)
    assert signs_in(garage.staff) and Browser().sign_in(operator()).location == "/"
    refused = [entry for entry in rows(salon, AuditEntry) if entry.action == "sign_in_refused"]
    assert [entry.row_name for entry in refused] == [salon.staff]


def test_nor_does_a_passkey_alone(salon: Business, garage: Business) -> None:
    device, strangers = passkeys.given(salon.staff), passkeys.given(garage.staff)
    admins = passkeys.given(salon.admin)
    connect(salon, ISSUER, required=True)
    browser = Browser()
    assert passkeys.sign_in(browser, device).location == "/login/sso" and not is_in(browser)
    assert "single sign-on only" in browser.get("/login/sso").text
    for other in (strangers, admins):
        browser = Browser()
        assert passkeys.sign_in(browser, other).location == "/" and is_in(browser)


def test_an_admin_without_a_second_factor_does_not_come_in(salon: Business) -> None:
    connect(salon, ISSUER, required=True)
    assert not signs_in(salon.admin)


def test_only_whoever_knows_the_password_is_told(salon: Business) -> None:
    connect(salon, ISSUER, required=True)
    wrong, unknown = (
        Browser().sign_in(email, "wrong-password-of-mine").text
        for email in (salon.staff, "nobody@salon.test")
    )
    plain = [re.sub(r'(value|nonce)="[^"]*"', "", page) for page in (wrong, unknown)]
    assert plain[0] == plain[1] and "single sign-on only" not in wrong


def test_an_invitation_makes_a_user_and_no_way_in_by_its_password(
    salon: Business, admin: Browser
) -> None:
    connect(salon, ISSUER, required=True)
    form = {"name": "New", "email": "new@salon.example", "role": "staff"}
    page = admin.post("/admin/team/", data=form).text
    link = re.search(r"/invitation/[\w-]+", page)
    assert link, page
    browser = Browser()
    browser.get(link[0])
    answer = browser.post("/invitation", data={"name": "New", "new_password": NEW})
    assert answer.location == "/login/sso" and not is_in(browser)
    assert not signs_in("new@salon.example", NEW)
    with unscoped("tests"):
        assert not db.session.query(UserInvitation).filter_by(email="new@salon.example").count()


def test_the_operator_lets_passwords_in_again(app: Flask, salon: Business) -> None:
    connect(salon, ISSUER, required=True)
    runner = app.test_cli_runner()
    command = ["tenant", "allow-passwords", "--slug"]
    assert "let in again" in runner.invoke(args=[*command, "salon"]).output
    assert "already" in runner.invoke(args=[*command, "salon"]).output
    assert "no business" in runner.invoke(args=[*command, "nowhere"]).output
    assert signs_in(salon.staff)
