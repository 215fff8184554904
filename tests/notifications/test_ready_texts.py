"""Texts at hand: canned replies and templates, with the customer's data filled in."""

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import CannedReply, Role, User
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import Business

PANEL = "/admin/canned-replies"


def texts(browser: Browser, business: Business) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    path = f"/messages/{business.customer_id}/texts?channel=sms"
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200 and answer.json
    return {each["shortcut"]: each["text"] for each in answer.json["texts"]}


def write(browser: Browser, **form: Any) -> Any:
    return browser.post(f"{PANEL}/new/", data={"title": "A reply", **form}, follow_redirects=True)


def test_they_are_filled_in_and_ones_own_are_nobody_elses(
    salon: Business, garage: Business, staff: Browser
) -> None:
    colleague = Browser(salon.admin)
    write(staff, shortcut="/Hi", body="Hi {{customer_name}}!", whose="own")
    write(colleague, shortcut="bye", body="Bye from {{business_name}}.", whose="team")
    mine, theirs = texts(staff, salon), texts(colleague, salon)
    assert (mine["hi"], mine["bye"]) == ("Hi Ann!", "Bye from Bella's Salon.")
    assert "hi" not in theirs and "bye" in theirs
    assert "Ann" in mine["appointment-reminder"], "any template is at hand, too"
    assert {"hi", "bye"}.isdisjoint(texts(Browser(garage.staff), garage))
    missing = f"/messages/{salon.customer_id}/texts"
    assert Browser(garage.staff).get(missing).status_code == 404


def test_whose_a_reply_is_decides_who_changes_it(
    salon: Business, garage: Business, staff: Browser
) -> None:
    refused = write(staff, shortcut="all", body="To all", whose="team")
    assert "admins" in refused.text
    assert (
        "did you mean customer_name"
        in write(staff, shortcut="odd", body="{{custmer_name}}", whose="own").text
    )
    write(staff, shortcut="mine", body="Mine", whose="own")
    with tenant_scope(salon.id):
        query = select(CannedReply.id).join(User, User.id == CannedReply.user_id)
        own = db.session.scalars(query.where(User.role == Role.STAFF)).one()
    for other in (Browser(salon.admin), Browser(garage.staff)):
        assert other.get(f"{PANEL}/edit/?id={own}").status_code == 404
        assert other.post(f"{PANEL}/delete/", data={"id": own}).status_code == 404
    assert "Mine" not in Browser(salon.admin).get(f"{PANEL}/").text
    assert staff.get(f"{PANEL}/edit/?id={own}").status_code == 200
