"""Forgot password: a link by email that holds once, for an hour; what is answered tells nothing."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.emails import one_time_links
from app.emails.send import send_due
from app.extensions import db
from app.lib.keyed_hash import hashed
from app.lib.time.clock import now
from app.models import PasswordReset, User, UserEmail
from app.tenancy import unscoped
from app.users import password_resets, user_access
from app.users.password_resets import LinkOver
from tests.admin_views.reading import everybodys
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.queries import statements
from tests.support.world import PASSWORD, Business, operator

NEW = "another-horse-battery"


def ask(email: str, **options: object) -> str:
    browser = Browser()
    form = {"email": email, "csrf_token": browser.token}
    answer = browser.post("/forgot-password", data=form, **options)
    return f"{answer.status_code} {answer.text}"


def link(post: Mailboxes, email: str) -> str:
    """The path of the link that came last."""
    send_due(now())
    found = re.search(r"http://localhost(/reset-password/\S+)", post.emails(email)[-1].text)
    assert found
    return found[1]


def set_by(browser: Browser, path: str, password: str = NEW, again: str = "") -> str:
    """Follow the link and set a password; where that leads, else what the page says."""
    answer = browser.get(path)
    if answer.status_code != 302:
        return str(answer.text)
    form = {"new_password": password, "new_password_confirm": again or password}
    answer = browser.post(answer.location, data=form)
    return str(answer.location or answer.text)


def test_a_link_sets_a_new_password_once_and_ends_all_sessions(
    post: Mailboxes, salon: Business, garage: Business, staff: Browser
) -> None:
    assert "an email with a link is on its way" in ask(f" {salon.staff.upper()} ")
    path = link(post, salon.staff)
    browser = Browser()
    assert "is made of the email or a name" in set_by(browser, path, "salon-staff-2026")
    assert "The two new passwords differ" in set_by(browser, path, NEW, "else")
    assert staff.get("/messages").status_code == 200, "nothing is changed yet"
    assert set_by(browser, path) == "/login"
    assert "This link is over" in set_by(Browser(), path)
    assert staff.get("/messages").location.startswith("/login")
    assert Browser().sign_in(salon.staff, PASSWORD).status_code == 200
    assert Browser().sign_in(salon.staff, NEW).location == "/"
    assert Browser(garage.staff).get("/messages").status_code == 200
    send_due(now())
    assert "a new password was set" in post.emails(salon.staff)[-1].text


def test_an_unknown_address_costs_and_tells_the_same(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    who = (salon.staff, "nobody@salon.test")
    told, asked = [], []
    for email in who:
        with statements() as seen:
            told.append(re.sub(r'value="[^"]+"', "", ask(email)).replace(email, ""))
        asked.append([*seen])
    assert told[0] == told[1] and asked[0] == asked[1]
    assert not [each for each in asked[0] if 'FROM "user"' in each]
    send_due(now())
    assert [len(post.emails(email)) for email in who] == [1, 0]
    left = [each.address for each in everybodys(UserEmail) if each.address]
    assert left == [salon.staff], "what a stranger typed is not kept"


def test_no_row_holds_the_link_and_no_host_but_ours_is_in_it(
    post: Mailboxes, salon: Business
) -> None:
    assert ask(salon.staff, headers={"Host": "evil.example"}).startswith("400")
    ask(salon.staff, headers={"X-Forwarded-Host": "evil.example"})
    token = link(post, salon.staff).rpartition("/")[2]
    (reset,) = everybodys(PasswordReset)
    assert reset.token_hash == hashed(token)
    emails = [str(vars(each)) for each in everybodys(UserEmail)]
    assert not [each for each in emails if token in each]
    assert "evil" not in post.emails(salon.staff)[-1].text


def test_the_page_behind_a_link_has_the_token_in_no_address(
    post: Mailboxes, salon: Business
) -> None:
    ask(salon.staff)
    path, browser = link(post, salon.staff), Browser()
    assert browser.get(path).location == "/reset-password"
    page = browser.get("/reset-password")
    assert page.headers["Cache-Control"] == "no-store"
    assert path.rpartition("/")[2] not in page.text and salon.staff in page.text
    form = {"new_password": NEW, "new_password_confirm": NEW}
    assert browser.client.post("/reset-password", data=form).status_code == 400, "no CSRF token"


@pytest.fixture
def token(app: Flask, salon: Business, garage: Business) -> Iterator[str]:
    with unscoped("tests"):
        user = db.session.scalars(select(User).where(User.email == salon.staff)).one()
        path = one_time_links.to_reset(user, now())
        db.session.commit()
    yield path.rpartition("/")[2]


@pytest.mark.parametrize("what", ["hour", "disabled", "moved", "changed"])
def test_a_link_is_over(what: str, token: str, salon: Business) -> None:
    """After its hour, and where they may not sign in, have another address or password since."""
    assert password_resets.user_of(token, now()).email == salon.staff
    at = now() + (one_time_links.RESET_LASTS if what == "hour" else timedelta())
    theirs = update(User).where(User.email == salon.staff)
    with unscoped("tests"):
        if what == "disabled":
            db.session.execute(theirs.values(active=False))
        if what == "moved":
            db.session.execute(theirs.values(email="else@salon.test"))
        if what == "changed":
            user_access.reset(
                db.session.scalars(select(User).where(User.email == salon.staff)).one(), at
            )
        db.session.commit()
    for act in (password_resets.user_of, lambda *given: password_resets.reset(token, NEW, at)):
        with pytest.raises(LinkOver):
            act(token, at)


def test_of_two_who_use_a_link_at_once_one_does(app: Flask, token: str) -> None:
    told: list[str] = []

    def use(password: str) -> None:
        with app.app_context():
            try:
                told.append(password_resets.reset(token, password, now()).email)
            except LinkOver:
                told.append("over")
            db.session.remove()

    threads = [threading.Thread(target=use, args=(f"{NEW}-{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["over", "staff@salon.test"]


def test_only_so_many_links_are_asked_for(salon: Business, post: Mailboxes) -> None:
    for email in (salon.staff, "nobody@salon.test"):
        answers = [ask(email)[:3] for _ in range(4)]
        assert answers == ["200"] * 3 + ["429"], email
    assert "Too many links" in ask(salon.staff)


def test_an_operator_gets_a_link_and_a_late_one_is_not_sent(
    post: Mailboxes, salon: Business
) -> None:
    ask(operator())
    assert set_by(Browser(), link(post, operator())) == "/login"
    ask(salon.staff)
    send_due(now() + one_time_links.RESET_LASTS + timedelta(minutes=1))
    assert post.emails(salon.staff) == []


def test_without_a_mail_server_the_page_says_whom_to_ask(salon: Business) -> None:
    assert "This server sends no emails" in ask(salon.staff)
    assert [each for each in everybodys(UserEmail) if each.address] == []
    assert "Forgot password?" in Browser().get("/login").text
