"""A list of conversations is kept under a name, for oneself or the team; nobody else's is seen."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import SavedView
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import Business, hear

MENU = "/messages/views?part=menu"


def kept(business: Business, name: str) -> SavedView:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.scalars(select(SavedView).where(SavedView.name == name)).one()


def entry(browser: Browser, name: str) -> tuple[str, str] | None:
    """Where the view leads, and what it counts, as the menu shows it."""
    found = re.search(
        rf'href="([^"]+)"[^>]*><span class="menu-name">{name}</span>.*?<small>(\d+)</small>',
        browser.get(MENU).text,
    )
    return (unescape(found[1]), found[2]) if found else None


def test_a_view_is_ones_own_or_the_teams_with_its_count(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    hear(salon, "By WhatsApp", number="+13475550001", channel="whatsapp", name="Wanda")
    save = "/messages/views/save?view=waiting&channel=whatsapp&after=2026-11-18T17:00:00_1"
    saved = staff.post(save, data={"name": "  Green and\nwaiting "})
    assert saved.location == "/messages?view=waiting&channel=whatsapp"
    assert entry(staff, "Green and waiting") == (saved.location, "1")
    shown = staff.get(saved.location).text
    assert "Wanda" in shown and "Ann Salon" not in shown
    assert entry(admin, "Green and waiting") is None
    view = kept(salon, "Green and waiting")
    assert admin.post(f"/messages/views/{view.id}/change", data={"name": "x"}).status_code == 404

    staff.post(f"/messages/views/{view.id}/change", data={"name": "Ours", "shared": "1"})
    assert entry(admin, "Ours") == (saved.location, "1")
    assert kept(garage, "View of garage").id and "View of garage" not in staff.get(MENU).text
    admin.post(f"/messages/views/{view.id}/change", data={"name": "Everybody's", "shared": "1"})
    admin.post(f"/messages/views/{view.id}/change", data={"do": "delete"})
    assert entry(staff, "Everybody") is None


def test_the_teams_is_its_makers_and_the_admins_to_change(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    admin.post("/messages/views/save?channel=sms", data={"name": "Texts", "shared": "1"})
    ours, theirs = kept(salon, "Texts"), kept(garage, "View of garage")
    for id_, status in ((ours.id, 403), (theirs.id, 404), (10**12, 404)):
        for said in ({"name": "Mine"}, {"do": "delete"}):
            answer = staff.post(f"/messages/views/{id_}/change", data=said)
            assert answer.status_code == status
    assert "by Admin, for the team" in staff.get("/messages/views").text
    assert kept(garage, "View of garage")


@pytest.mark.parametrize(
    ("name", "why"), [(" \u200b\0", "Give the view a name"), ("n" * 41, "Shorten it")]
)
def test_a_name_that_cannot_be_is_refused_in_words(staff: Browser, name: str, why: str) -> None:
    answer = staff.post("/messages/views/save?channel=sms", data={"name": name})
    assert answer.status_code == 422 and why in answer.text
