"""A code besides the password: who has a second factor, and what lets them in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import AuditEntry, RecoveryCode, User, UserEmail
from app.tenancy import unscoped
from app.users import authenticator_app, passwords, second_factor
from app.web.sign_in import second_step
from tests.admin_views.reading import everybodys, rows
from tests.support.authenticator import Authenticator, given, set_up
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.world import PASSWORD, Business


def half_in(email: str, next_: str = "") -> Browser:
    """The password was right, and a code is asked for."""
    browser = Browser()
    browser.refresh_token()
    form = {"email": email, "password": PASSWORD, "csrf_token": browser.token}
    answer = browser.client.post(f"/login{next_}", data=form)
    assert answer.status_code == 302 and answer.location.startswith("/login/code")
    return browser


def give(browser: Browser, code: str, **options: str) -> int:
    answer = browser.post("/login/code", data={"code": code}, **options)  # type: ignore[arg-type]
    return answer.status_code


def is_in(browser: Browser) -> bool:
    return browser.get("/messages").status_code == 200


def person(email: str) -> User:
    with unscoped("tests"):
        return db.session.scalars(select(User).where(User.email == email)).one()


def did(business: Business) -> list[tuple[str, str]]:
    return [(entry.action, entry.actor_name) for entry in rows(business, AuditEntry)]


def test_a_password_alone_lets_nobody_in_who_has_a_second_factor(
    salon: Business, garage: Business, staff: Browser
) -> None:
    app, _ = set_up(staff)
    assert is_in(staff), "the session that exists goes on"
    browser = half_in(salon.staff)
    assert not is_in(browser) and browser.get("/second-factor").status_code == 302
    assert give(browser, "000000") == 200 and not is_in(browser)
    assert give(browser, app.code()) == 200, "it was used to set it up"
    assert give(browser, app.next_code()) == 302 and is_in(browser)
    assert Browser().sign_in(salon.admin).location == "/", "a colleague has none"
    assert Browser().sign_in(garage.staff).location == "/"


def test_signing_in_leads_where_one_wanted_to_go_and_not_away(salon: Business) -> None:
    app, codes = given(salon.staff)
    browser = half_in(salon.staff, "?next=/messages")
    page = browser.get("/login/code?next=/messages").text
    assert 'action="/login/code?next=/messages"' in page and salon.staff in page
    answer = browser.post("/login/code?next=/messages", data={"code": app.code()})
    assert answer.location == "/messages"
    browser = half_in(salon.staff)
    answer = browser.post("/login/code?next=//evil.example", data={"code": codes[0]})
    assert answer.status_code == 302 and "evil" not in answer.location


def test_a_code_counts_once_also_of_two_at_the_same_moment(app: Flask, salon: Business) -> None:
    phone, _ = given(salon.staff)
    browsers, code = [half_in(salon.staff) for _ in range(4)], phone.code()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: in_a_thread(app, each, code), browsers))
    assert sorted(answers) == [200, 200, 200, 302]
    assert sum(is_in(browser) for browser in browsers) == 1


def in_a_thread(app: Flask, browser: Browser, code: str) -> int:
    with app.app_context():
        return give(browser, code)


def test_a_recovery_code_lets_in_once_however_it_is_typed(
    app: Flask, salon: Business, garage: Business
) -> None:
    _, codes = given(salon.staff)
    _, others = given(garage.staff)
    browser = half_in(salon.staff)
    assert give(browser, others[0]) == 200, "somebody else's"
    assert give(browser, codes[0].upper().replace("-", " ")) == 302 and is_in(browser)
    assert "9 recovery codes left" in browser.get("/second-factor").text
    assert give(half_in(salon.staff), codes[0]) == 200
    browsers = [half_in(salon.staff) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda each: in_a_thread(app, each, codes[1]), browsers))
    assert sorted(answers) == [200, 200, 302]
    assert ("recovery_code_used", "Staff") in did(salon)


def test_neither_the_key_nor_a_recovery_code_stands_in_the_database(
    salon: Business, staff: Browser
) -> None:
    _, codes = set_up(staff)
    key = staff.client.application.extensions["vault"].open(person(salon.staff).totp_sealed)
    kept = [row.code_hash for row in rows(salon, RecoveryCode)]
    told = str([(line.changes, line.facts) for line in rows(salon, AuditEntry)])
    assert len(kept) == 10 and not set(codes) & set(kept)
    assert key not in told and codes[0] not in told and "totp" not in told
    assert ("second_factor_on", "Staff") in did(salon)


@pytest.mark.parametrize(
    "hostile", ["", "１２３４５６", "12345\x00", "9" * 90, "' OR 1=1", "-1", "٣" * 6]
)
def test_nonsense_is_no_code(salon: Business, hostile: str) -> None:
    given(salon.staff)
    browser = half_in(salon.staff)
    assert give(browser, hostile) == 200 and not is_in(browser)


def test_who_has_given_no_password_is_asked_for_no_code(salon: Business) -> None:
    phone, codes = given(salon.staff)
    stranger = Browser()
    for code in (phone.code(), codes[0]):
        answer = stranger.post("/login/code", data={"code": code})
        assert answer.location == "/login" and not is_in(stranger)
    with unscoped("tests"):
        assert second_factor.prove(person(salon.staff), codes[0], now()), "it was not used up"


def test_the_second_step_is_over_after_ten_minutes_a_new_password_or_a_reset(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, codes = given(salon.staff)
    late, outdated, without = (half_in(salon.staff) for _ in range(3))
    with monkeypatch.context() as patch:
        patch.setattr(second_step, "HOLDS", -1)
        assert late.post("/login/code", data={"code": codes[0]}).location == "/login"
    with unscoped("tests"):
        user = person(salon.staff)
        before = user.fs_uniquifier
        passwords.set_password(user, "four-words-nobody-knows", now())
        db.session.commit()
    assert outdated.post("/login/code", data={"code": codes[0]}).location == "/login"
    with unscoped("tests"):
        user = person(salon.staff)
        user.fs_uniquifier = before
        second_factor.turn_off(user, "You", now())
        db.session.commit()
    assert without.post("/login/code", data={"code": phone.code()}).location == "/login"
    assert not any(map(is_in, (late, outdated, without)))


def test_the_seventh_wrong_code_is_refused_and_each_is_in_the_log(
    salon: Business, garage: Business
) -> None:
    phone, _ = given(salon.staff)
    browser = half_in(salon.staff)
    assert [give(browser, f"00000{n}") for n in range(7)] == [200] * 6 + [429]
    elsewhere = half_in(salon.staff)
    refused = elsewhere.post("/login/code", data={"code": phone.code()})
    assert refused.status_code == 429 and "wrong codes" in refused.text
    assert did(salon).count(("code_refused", "")) == 6
    assert ("code_refused", "") not in did(garage)


def test_many_wrong_codes_are_told_once_a_day(
    salon: Business, post: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(salon.staff)
    monkeypatch.setattr(second_step.tries, "ONE", second_step.tries.parse_many("100 per day"))
    browser = half_in(salon.staff)
    for n in range(13):
        give(browser, f"00000{n}")
    told = [email for email in everybodys(UserEmail) if email.kind == "wrong_codes"]
    assert [email.tenant_id for email in told] == [salon.id]


def test_the_right_code_is_taken_in_a_window_of_half_a_minute_and_not_beyond(
    salon: Business,
) -> None:
    key, at = authenticator_app.fresh_key(), now()
    before = at - timedelta(hours=1)
    phone, user = Authenticator(key), person(salon.staff)
    with unscoped("tests"):
        second_factor.set_up(user, key, phone.code(before), before)
        for off in (-90, 90):
            assert not second_factor.prove(user, phone.code(at + timedelta(seconds=off)), at)
        for off in (-30, 0, 30):
            assert second_factor.prove(user, phone.code(at + timedelta(seconds=off)), at), off
        assert not second_factor.prove(user, phone.code(at), at), "a later one was taken"
        db.session.rollback()


def test_digits_of_another_keyboard_are_the_same_digits(salon: Business) -> None:
    """Full-width ones, which libpass takes for a wrong code."""
    (phone, _), at = given(salon.staff), now()
    wide = phone.code(at).translate({ord("0") + each: 0xFF10 + each for each in range(10)})
    with unscoped("tests"):
        assert second_factor.prove(person(salon.staff), wide, at)
