"""What a session is, and everything that ends one: a copied cookie is worth nothing after that."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_login.utils import encode_cookie
from sqlalchemy import select, update

from app import live
from app.extensions import db
from app.lib.keyed_hash import hashed
from app.lib.time.clock import now
from app.models import User, UserSession
from app.tenancy import unscoped
from app.users import sessions
from tests.support.browser import Browser
from tests.support.queries import statements
from tests.support.streams import Streams, opened
from tests.support.world import PASSWORD, Business

NEW = "a-new-long-password"


def copied(browser: Browser) -> Browser:
    """Somebody else's browser, with the same cookie."""
    thief = Browser()
    thief.client.set_cookie("session", browser.client.get_cookie("session").value)
    thief.token = browser.token
    return thief


def signed_in(email: str) -> Browser:
    browser = Browser()
    assert browser.sign_in(email).status_code == 302
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get("/messages").status_code == 200


def rows(email: str) -> list[UserSession]:
    db.session.rollback()
    db.session.expire_all()
    query = select(UserSession).join(User, User.id == UserSession.user_id)
    with unscoped("tests"):
        return list(db.session.scalars(query.where(User.email == email).order_by(UserSession.id)))


def age(**when: datetime) -> None:
    """All sessions are so old, or were last used then."""
    with unscoped("tests"):
        db.session.execute(update(UserSession).values(**when))
        db.session.commit()


def change_password(browser: Browser, new: str = NEW, again: str | None = None) -> int:
    form = {"password": PASSWORD, "new_password": new, "new_password_confirm": again or new}
    answer = browser.post("/password", data=form)
    if answer.status_code == 302:
        browser.refresh_token()
    return answer.status_code


def test_signing_in_makes_a_row_and_keeps_the_key_out_of_it(salon: Business) -> None:
    browser = Browser()
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    browser.sign_in(salon.staff, headers={"User-Agent": agent})
    row = rows(salon.staff)[-1]
    assert (row.tenant_id, row.browser, row.ended_at) == (salon.id, "Firefox on Linux", None)
    assert now() - row.created_at < timedelta(minutes=1)
    session = browser.client.get_cookie("session").value
    signer = browser.client.application.session_interface.get_signing_serializer(
        browser.client.application
    )
    key = signer.loads(session)["key"]
    assert hashed(key) == row.key_hash != key


def test_a_copied_cookie_ends_with_signing_out(salon: Business, garage: Business) -> None:
    browser, elsewhere, stranger = (
        signed_in(salon.staff),
        signed_in(salon.staff),
        Browser(garage.staff),
    )
    thief = copied(browser)
    assert is_in(thief)
    assert browser.get("/logout").status_code == 405
    assert browser.post("/logout").status_code == 302
    assert not is_in(browser) and not is_in(thief)
    assert is_in(elsewhere) and is_in(stranger), "sessions of their own"


def test_signing_out_leaves_nothing_in_the_browser(
    salon: Business, garage: Business, operator: Browser
) -> None:
    operator.post(f"/admin/tenants/enter/{salon.id}")
    operator.post("/admin/people/3/disable")
    old = operator.token
    assert is_in(operator)
    answer = operator.post("/logout")
    assert "session=;" in " ".join(answer.headers.getlist("Set-Cookie"))
    assert operator.client.get_cookie("session") is None
    operator.refresh_token()
    assert "kept out" not in operator.client.get("/login").text, "a flash"
    assert operator.sign_in("op@platform.test").status_code == 302
    assert operator.get("/messages").location == "/admin/tenants/", "in no business"
    operator.token = old
    assert operator.post("/logout").status_code == 400, "the former token"


def test_signing_in_begins_with_nothing_of_before(
    salon: Business, garage: Business, operator: Browser
) -> None:
    operator.post(f"/admin/tenants/enter/{garage.id}")
    age(ended_at=now())
    assert not is_in(operator)
    before = operator.client.get_cookie("session").value
    operator.refresh_token()
    assert operator.sign_in("op@platform.test").status_code == 302
    assert operator.client.get_cookie("session").value != before
    assert operator.get("/messages").location == "/admin/tenants/"


def test_nobody_is_signed_in_by_a_cookie_that_was_planted(salon: Business) -> None:
    """Session fixation: whoever gave a browser its cookie is not signed in along with it."""
    victim = Browser()
    attacker = copied(victim)
    assert victim.sign_in(salon.staff).status_code == 302
    assert is_in(victim) and not is_in(attacker)


def test_a_changed_password_ends_all_sessions_but_goes_on_here(
    salon: Business, garage: Business, staff: Browser
) -> None:
    elsewhere, thief, colleague = signed_in(salon.staff), copied(staff), Browser(salon.admin)
    assert change_password(staff) == 302
    assert is_in(staff) and is_in(colleague)
    assert not is_in(elsewhere) and not is_in(thief)
    assert Browser().sign_in(salon.staff).status_code == 200
    assert Browser().sign_in(salon.staff, NEW).status_code == 302
    assert [row.ended_at is None for row in rows(salon.staff)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("new", "again", "says"),
    [
        ("short", "short", "too short"),
        (NEW, "another-long-one", "differ"),
        ("Password123!", "Password123!", "stolen"),
        ("staff@salon.test", "staff@salon.test", "made of the email"),
        (" " * 12, " " * 12, "common"),
    ],
)
def test_a_password_that_cannot_be_is_refused_and_ends_nothing(
    salon: Business, staff: Browser, new: str, again: str, says: str
) -> None:
    form = {"password": PASSWORD, "new_password": new, "new_password_confirm": again}
    answer = staff.post("/password", data=form)
    assert (answer.status_code, says in answer.text) == (200, True)
    assert is_in(staff)
    assert Browser().sign_in(salon.staff).status_code == 302


def test_a_password_with_accents_signs_in_however_it_is_typed(
    salon: Business, staff: Browser
) -> None:
    assert change_password(staff, "contraseña-2026") == 302
    for typed in ("contrase\u00f1a-2026", "contrasen\u0303a-2026"):
        assert Browser().sign_in(salon.staff, typed).status_code == 302
    assert Browser().sign_in(salon.staff, "contrasena-2026").status_code == 200


def test_a_session_that_nobody_uses_ends_after_a_day(salon: Business, staff: Browser) -> None:
    age(last_seen_at=now() - sessions.IDLE + timedelta(minutes=1))
    assert is_in(staff)
    age(last_seen_at=now() - sessions.IDLE)
    assert not is_in(staff)


def test_a_session_that_is_used_ends_after_two_weeks(salon: Business, staff: Browser) -> None:
    age(created_at=now() - sessions.ABSOLUTE + timedelta(minutes=1))
    assert is_in(staff)
    age(created_at=now() - sessions.ABSOLUTE)
    assert not is_in(staff)
    assert staff.get("/live").status_code == 401


def test_a_stream_ends_with_its_session_however_much_happens(
    streams: Streams, salon: Business, staff: Browser
) -> None:
    age(created_at=now() - sessions.ABSOLUTE + timedelta(seconds=1))
    with opened(staff.get("/live/ticket").json["url"]) as events:
        for _ in events:
            # Something happens all the time.
            live.publish(salon.id, 1)
    assert timedelta() <= now() - (rows(salon.staff)[0].created_at + sessions.ABSOLUTE)


def test_being_seen_is_written_every_five_minutes(salon: Business, staff: Browser) -> None:
    lately, long_ago = now() - timedelta(minutes=4), now() - timedelta(minutes=6)
    age(last_seen_at=lately)
    assert is_in(staff)
    assert rows(salon.staff)[0].last_seen_at == lately
    age(last_seen_at=long_ago)
    assert is_in(staff)
    assert now() - rows(salon.staff)[0].last_seen_at < timedelta(minutes=1)


@pytest.mark.parametrize("where", ["header", "address", "remember"])
def test_nothing_but_the_session_signs_anybody_in(app: Flask, salon: Business, where: str) -> None:
    with unscoped("tests"):
        user = db.session.scalars(select(User).where(User.email == salon.staff)).one()
        token, uniquifier = user.get_auth_token(), user.fs_uniquifier
    client = Browser().client
    options = {}
    if where == "header":
        options = {"headers": {"Authentication-Token": token}}
    elif where == "address":
        options = {"query_string": {"auth_token": token}}
    else:
        client.set_cookie("remember_token", encode_cookie(uniquifier))
    assert client.get("/messages", **options).location.startswith("/login")
    basic = {"Authorization": "Basic c3RhZmZAc2Fsb24udGVzdDpjb3JyZWN0LWhvcnNlLWJhdHRlcnk="}
    assert client.get("/messages", headers=basic).status_code == 302


def test_remember_is_not_taken_and_no_token_is_given(salon: Business) -> None:
    browser = Browser()
    form = {"email": salon.staff, "password": PASSWORD, "csrf_token": browser.token}
    answer = browser.client.post(
        "/login?include_auth_token", data=form | {"remember": "y"}, headers={"Accept": "*/*"}
    )
    assert answer.status_code == 302
    assert "remember" not in " ".join(answer.headers.getlist("Set-Cookie"))
    assert "remember" not in Browser().client.get("/login").text
    json = {"Accept": "application/json"}
    answer = Browser().client.post("/login?include_auth_token", data=form, headers=json)
    assert "authentication_token" not in answer.text


def test_flask_security_has_no_route_that_is_not_needed(whole_app: Flask) -> None:
    ours = {rule.endpoint for rule in whole_app.url_map.iter_rules()}
    assert {name for name in ours if name.startswith("security.")} == {
        "security.login",
        "security.logout",
    }


def test_a_page_asks_once_who_is_signed_in_and_pictures_and_webhooks_never(
    salon: Business, staff: Browser
) -> None:
    def asked(path: str) -> int:
        with statements() as seen:
            assert staff.get(path, buffered=True).status_code == 200
        return sum("user_session" in each for each in seen)

    assert asked("/messages") == 1
    assert asked("/static/css/shell/shell.css") == 0
    assert asked("/health/ready") == 0


def test_the_page_shows_where_one_is_signed_in(
    salon: Business, garage: Business, staff: Browser
) -> None:
    phone = Browser()
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604.1"
    phone.sign_in(salon.staff, headers={"User-Agent": agent})
    page = staff.get("/password").text
    assert "Safari on iPhone" in page and "Firefox on Linux</strong> (here)" in page
    phone.post("/logout")
    assert "iPhone" not in staff.get("/password").text


def test_what_was_over_for_long_is_forgotten(salon: Business, garage: Business) -> None:
    at = now()
    age(created_at=at - sessions.ABSOLUTE - sessions.KEPT + timedelta(minutes=1))
    sessions.forget(at)
    assert rows(salon.staff)
    sessions.forget(at + timedelta(minutes=2))
    assert not rows(salon.staff)


def open_sessions(email: str) -> list[UserSession]:
    with unscoped("a test"):
        user = db.session.scalars(select(User).where(User.email == email)).one()
        return sessions.open_ones(user, now())


def test_somebody_signs_themselves_out_of_another_browser_and_nobody_else(
    salon: Business, garage: Business
) -> None:
    here, there, stranger = (signed_in(each) for each in (salon.staff, salon.staff, garage.staff))
    ids = {email: [row.id for row in open_sessions(email)] for email in (salon.staff, garage.staff)}
    # Of those two browsers; each business's people have one from the beginning, too.
    other, mine = sorted(ids[salon.staff])[-1], sorted(ids[salon.staff])[-2]
    for id_ in (mine, *ids[garage.staff], 2**40):
        assert here.post(f"/password/sessions/{id_}/end").status_code == 404, id_
    assert here.post(f"/password/sessions/{other}/end").status_code == 302
    assert (is_in(here), is_in(there), is_in(stranger)) == (True, False, True)
    assert here.post(f"/password/sessions/{other}/end").status_code == 404
    page = Browser(salon.admin).get("/admin/audit-log/?what=sign-ins").text
    assert page.count(f"ended a session of {salon.staff}") == 1
