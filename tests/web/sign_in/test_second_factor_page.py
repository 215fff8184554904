"""Somebody sets up their second factor, gets new recovery codes, and turns it off."""

import re

import pytest

from app.extensions import db
from app.models import RecoveryCode, User, UserEmail
from app.tenancy import unscoped
from tests.admin_views.reading import everybodys, rows
from tests.support.authenticator import CODE, KEY, Authenticator, given, set_up
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.world import PASSWORD, Business, operator

RIGHT, WRONG = {"password": PASSWORD}, {"password": "not-the-password"}


def since(email: str) -> object:
    db.session.rollback()
    return next(user for user in everybodys(User) if user.email == email).second_factor_since


@pytest.mark.parametrize("path", ["/second-factor", "/second-factor/codes", "/second-factor/off"])
def test_each_step_asks_for_the_password_and_so_often_as_elsewhere(
    path: str, salon: Business, staff: Browser
) -> None:
    _, codes = given(salon.staff)
    for _ in range(6):
        answer = staff.post(path, data=WRONG)
        assert answer.status_code == 200 and "not your present password" in answer.text
    assert staff.post(path, data=RIGHT).status_code == 429
    new = {"new_password": PASSWORD, "new_password_confirm": PASSWORD}
    assert staff.post("/password", data=RIGHT | new).status_code == 429, "counted together"
    assert since(salon.staff) and len(rows(salon, RecoveryCode)) == len(codes)
    assert staff.get("/second-factor/set-up").status_code == 302


def test_the_picture_says_the_key_that_can_be_typed(staff: Browser, salon: Business) -> None:
    staff.post("/second-factor", data=RIGHT)
    answer = staff.get("/second-factor/set-up")
    key = KEY.search(answer.text)
    assert key
    address = re.search(r'href="(otpauth://totp/[^"]+)"', answer.text)
    assert address and f"secret={key[1].replace(' ', '')}" in address[1]
    assert "KaiVox:staff@salon.test" in address[1]
    assert answer.text.count("<svg") == 1 and "<script" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_counts_once_a_code_was_right(staff: Browser, salon: Business) -> None:
    staff.post("/second-factor", data=RIGHT)
    key = KEY.search(staff.get("/second-factor/set-up").text)
    assert key
    for wrong in ("000000", "", "x"):
        page = staff.post("/second-factor/set-up", data={"code": wrong}).text
        assert not CODE.findall(page) and since(salon.staff) is None
    app = Authenticator(key[1].replace(" ", ""))
    page = staff.post("/second-factor/set-up", data={"code": app.code()}).text
    assert len(CODE.findall(page)) == 10 and since(salon.staff)
    assert staff.post("/second-factor/set-up", data={"code": app.code()}).status_code == 302
    assert not CODE.findall(staff.get("/second-factor").text), "shown once"


def test_another_app_and_new_recovery_codes_take_the_place_of_the_ones_before(
    salon: Business, garage: Business, staff: Browser
) -> None:
    given(garage.staff)
    first, codes = set_up(staff)
    second, newer = set_up(staff)
    newest = CODE.findall(staff.post("/second-factor/codes", data=RIGHT).text)
    assert len(newest) == 10 == len(rows(salon, RecoveryCode)) == len(rows(garage, RecoveryCode))

    def lets_in(code: str) -> bool:
        browser = Browser()
        browser.post("/login", data={"email": salon.staff, **RIGHT})
        return browser.post("/login/code", data={"code": code}).status_code == 302

    assert not any(map(lets_in, (first.next_code(), codes[0], newer[0])))
    assert lets_in(newest[0]) and lets_in(second.next_code())


def test_turned_off_a_password_alone_lets_in_again_and_they_are_told(
    salon: Business, garage: Business, staff: Browser, post: Mailboxes
) -> None:
    given(garage.staff)
    set_up(staff)
    assert staff.post("/second-factor/off", data=RIGHT).status_code == 302
    assert since(salon.staff) is None and since(garage.staff) and not rows(salon, RecoveryCode)
    assert Browser().sign_in(salon.staff).location == "/"
    told = [email for email in everybodys(UserEmail) if email.kind == "second_factor_off"]
    assert [email.values for email in told] == [{"who": "You"}]
    for path in ("/second-factor/off", "/second-factor/codes"):
        assert staff.post(path, data=RIGHT).status_code == 404, "there is none"


def test_an_operator_has_one_as_well(salon: Business) -> None:
    email = operator()
    _, codes = set_up(Browser(email))
    browser = Browser()
    browser.post("/login", data={"email": email, **RIGHT})
    assert browser.get("/admin/tenants/").status_code == 302
    assert browser.post("/login/code", data={"code": codes[3]}).status_code == 302
    assert browser.get("/admin/tenants/").status_code == 200
    browser.refresh_token()
    assert len(CODE.findall(browser.post("/second-factor/codes", data=RIGHT).text)) == 10
    assert browser.post("/second-factor/off", data=RIGHT).status_code == 302
    with unscoped("tests"):
        assert not db.session.query(RecoveryCode).all()


def test_a_key_of_somebody_elses_session_is_worth_nothing(
    salon: Business, admin: Browser, staff: Browser
) -> None:
    """What stands in the cookie is sealed, and goes with the session."""
    staff.post("/second-factor", data=RIGHT)
    assert staff.post("/logout").status_code == 302
    staff.refresh_token()
    staff.sign_in(salon.staff)
    assert staff.get("/second-factor/set-up").status_code == 302
