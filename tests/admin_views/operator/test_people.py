"""The operator's page of everybody who signs in."""

import re

import pytest
from flask_security import verify_password

from app.models import User, UserSession
from tests.admin_views.reading import cells, everybodys, told
from tests.support.browser import Browser
from tests.support.world import Business


def person(email: str) -> User:
    return next(user for user in everybodys(User) if user.email == email)


def act(browser: Browser, verb: str, email: str, **form: str) -> str:
    """What the page says after it."""
    answer = browser.post(f"/admin/people/{person(email).id}/{verb}", data=form)
    assert answer.status_code in (200, 302)
    return told(answer if answer.status_code == 200 else browser.get(answer.location))


def test_it_shows_everybody_of_every_business(
    salon: Business, garage: Business, operator: Browser
) -> None:
    page = cells(operator.get("/admin/people/").text)
    for shown in (salon.staff, garage.admin, "op@platform.test", "Strangers' Garage", "Operator"):
        assert shown in page


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("STAFF@SALON", 1),
        ("garage", 2),
        ("Strangers'", 2),
        ("strangérs’", 2),
        ("%", 0),
        ("nobody", 0),
        ("\x01", 0),
    ],
)
def test_it_finds_by_email_name_or_business(
    salon: Business, garage: Business, operator: Browser, sought: str, found: int
) -> None:
    page = operator.get("/admin/people/", query_string={"search": sought}).text
    assert page.count('data-label="Email"') == found


def test_who_is_disabled_is_out_at_once_and_comes_back(
    salon: Business, garage: Business, operator: Browser, staff: Browser
) -> None:
    assert f"{salon.staff} is kept out." in act(operator, "disable", salon.staff)
    assert staff.get("/messages").status_code == 302
    assert Browser().sign_in(salon.staff).status_code == 200
    assert f"{salon.staff} may sign in again." in act(operator, "enable", salon.staff)
    assert staff.get("/messages").status_code == 302, "not by the old session"
    assert Browser().sign_in(salon.staff).status_code == 302
    assert Browser(garage.staff).get("/messages").status_code == 200


def test_a_new_password_is_shown_once_and_ends_their_sessions(
    salon: Business, garage: Business, operator: Browser, staff: Browser
) -> None:
    answer = operator.post(f"/admin/people/{person(salon.staff).id}/reset")
    fresh = re.search(r"<code>([^<]{20,})</code>", answer.text)[1]
    assert verify_password(fresh, person(salon.staff).password)
    assert answer.headers["Cache-Control"] == "no-store"
    assert fresh not in str(answer.headers)
    assert fresh not in operator.get("/admin/people/").text
    assert staff.get("/messages").status_code == 302
    assert Browser().sign_in(salon.staff, fresh).status_code == 302
    ended = [row.user_id for row in everybodys(UserSession) if row.ended_at]
    assert ended == [person(salon.staff).id]


def test_the_last_admin_and_oneself_are_kept(
    salon: Business, garage: Business, operator: Browser
) -> None:
    assert "This is the last admin of this business" in act(operator, "disable", salon.admin)
    assert person(salon.admin).active
    me = person("op@platform.test")
    for verb in ("disable", "enable", "reset"):
        assert operator.post(f"/admin/people/{me.id}/{verb}").status_code == 403
        assert operator.post(f"/admin/people/999999/{verb}").status_code == 404
    assert "You" in cells(operator.get("/admin/people/?search=op@platform").text)


def test_from_within_one_business_all_are_at_hand(
    salon: Business, garage: Business, operator: Browser
) -> None:
    operator.post(f"/admin/tenants/enter/{salon.id}")
    assert "is kept out." in act(operator, "disable", garage.staff, search="garage")
    assert not person(garage.staff).active


def test_an_admin_has_no_such_page(salon: Business, garage: Business, admin: Browser) -> None:
    assert admin.get("/admin/people/").status_code == 403
    assert admin.post(f"/admin/people/{person(garage.staff).id}/reset").status_code == 403
    assert "/admin/people" not in admin.get("/admin/users/").text
