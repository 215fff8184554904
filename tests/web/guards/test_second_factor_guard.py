"""Where a second factor is required, who has none sets one up before anything else."""

from dataclasses import replace

import pytest
from flask import Flask

from app.extensions import db
from app.models import AuditEntry, Tenant, User
from tests.admin_views.reading import everybodys, filled, rows
from tests.support.authenticator import given, set_up
from tests.support.browser import TOKEN, Browser
from tests.support.streams import Streams, opened
from tests.support.world import PASSWORD, Business, operator

RIGHT = {"password": PASSWORD}
SCRIPT = {"Sec-Fetch-Dest": "empty"}


def require(business: Business) -> None:
    db.session.get_one(Tenant, business.id).second_factor_required = True
    db.session.commit()


def led(browser: Browser, path: str = "/messages") -> bool:
    return browser.get(path).location == "/second-factor"


def test_a_session_from_before_is_led_to_set_one_up_and_goes_on_then(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    stranger = Browser(garage.staff)
    given(salon.admin)
    require(salon)
    assert led(staff) and led(staff, "/password") and led(staff, "/")
    assert staff.post("/messages/send", data={"customer_id": "1"}).location == "/second-factor"
    assert not led(admin) and not led(stranger)
    page = staff.get("/second-factor").text
    assert "You need one to go on" in page and "Sign out" in page and "Back to" not in page
    set_up(staff)
    assert staff.get("/messages").status_code == 200


def test_whoever_signs_in_without_one_is_led_there_too(salon: Business, garage: Business) -> None:
    require(salon)
    browser = Browser()
    assert browser.sign_in(salon.staff).location == "/"
    assert led(browser, "/")
    token = TOKEN.search(browser.get("/second-factor").text)
    assert token
    browser.token = token[1]
    assert browser.post("/logout").location == "/login"


def test_programs_and_scripts_are_refused_and_open_streams_end(
    salon: Business, staff: Browser, admin: Browser, streams: Streams
) -> None:
    with opened(staff.get("/live/ticket").json["url"]) as events:
        form = filled(admin.get("/admin/business/"))
        answer = admin.post("/admin/business/", data=form | {"second_factor_required": "y"})
        assert answer.status_code == 302
        list(events)
    for path, headers in (
        *(("/live/ticket", {}), ("/live", {}), ("/messages", SCRIPT)),
        *(("/messages", {"Accept": "application/json"}), ("/admin/customers/", SCRIPT)),
    ):
        answer = staff.get(path, headers=headers)
        assert answer.status_code == 401 and "second factor" in answer.text, path
    assert led(staff) and led(admin), "who required it as well"
    entry = rows(salon, AuditEntry)[-1]
    assert entry.changes["second_factor_required"] == [False, True]


def test_it_is_not_turned_off_where_it_is_required_and_a_reset_leads_to_a_new_one(
    salon: Business, staff: Browser, admin: Browser
) -> None:
    set_up(staff)
    given(salon.admin)
    require(salon)
    assert "Turn off" not in staff.get("/second-factor").text
    answer = staff.post("/second-factor/off", data=RIGHT)
    assert answer.status_code == 403 and "not turned off" in answer.text
    assert not led(staff)
    user = next(each for each in everybodys(User) if each.email == salon.staff)
    assert admin.post(f"/admin/team/people/{user.id}/second-factor").status_code == 302
    assert led(staff)


def test_operators_need_one_where_the_installation_says_so(
    app: Flask, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Browser(operator())
    require(salon)
    assert person.post(f"/admin/tenants/enter/{salon.id}").status_code == 302
    assert not led(person), "what a business requires is of its own people"
    strict = replace(app.extensions["settings"], operators_need_second_factor=True)
    monkeypatch.setitem(app.extensions, "settings", strict)
    assert led(person) and led(person, "/admin/tenants/") and led(person, "/admin/people/")
    set_up(person)
    assert not led(person, "/admin/tenants/")
