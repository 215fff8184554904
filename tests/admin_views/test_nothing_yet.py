"""A business that has nothing yet is told on each page what to do, as far as one may do it."""

import re
from html import unescape

from sqlalchemy import delete

from admin_views.nothing_yet import NOTHING
from app import onboarding
from app.extensions import db
from app.models import Label, Role
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells
from tests.support.browser import Browser
from tests.support.world import Business

PAGES = {
    "inbox": "/messages",
    "calendar": "/calendar",
    "tomorrow": "/tomorrow",
    "automation_log": "/settings/automation/log",
    "notices": "/notices",
    "working_hours": "/settings/working-hours/",
}
OPERATORS = {"tenants", "sender_numbers"}
PASSWORD = "a-word-of-the-new-people"


def said(browser: Browser, page: str) -> tuple[str, list[str]]:
    """The sentence of an empty page, and where its buttons lead; both empty where it has rows."""
    path = PAGES.get(page, f"/admin/{page.replace('_', '-')}/")
    found = re.search(r'<div class="nothing-yet">.*?</div>', browser.get(path).text, re.S)
    block = found.group() if found else ""
    return cells(block), [unescape(href) for href in re.findall(r'href="([^"]+)', block)]


def test_each_page_of_a_new_business_says_what_to_do(salon: Business, admin: Browser) -> None:
    new = onboarding.create_tenant("new", "New", "Europe/Lisbon", "PT")
    for role in (Role.TENANT_ADMIN, Role.STAFF):
        onboarding.create_user(f"{role}@new.test", PASSWORD, role, new)
    db.session.commit()
    with tenant_scope(new.id):
        db.session.execute(delete(Label))
        db.session.commit()
    boss, staff = (Browser(f"{role}@new.test", PASSWORD) for role in ("tenant_admin", "staff"))
    led = set()
    for page in NOTHING.keys() - OPERATORS:
        sentence, buttons = said(boss, page)
        assert NOTHING[page].sentence in sentence
        assert buttons, page
        led.update(buttons)
    for page in ("inbox", "customers", "notices"):
        led_staff = said(staff, page)[1]
        assert led_staff
        assert not any("/admin/health" in address or "import" in address for address in led_staff)
        assert all(staff.get(address).status_code == 200 for address in led_staff)
    assert [address for address in led if boss.get(address).status_code != 200] == []
    for page in ("inbox", "customers", "services"):
        assert said(admin, page) == ("", []), "another business has some"


def test_a_search_that_finds_nothing_leads_back_to_all(salon: Business, admin: Browser) -> None:
    page = admin.get("/admin/services/?search=nonsense").text
    assert NOTHING["services"].sentence not in page
    assert '<a href="/admin/services/">Show all</a>' in page
