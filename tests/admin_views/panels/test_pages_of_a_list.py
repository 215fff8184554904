"""A list knows the pages near the one that is shown, and counts no further."""

import re

from sqlalchemy import insert

from app.extensions import db
from app.models import Customer
from app.tenancy import tenant_scope, unscoped
from tests.support.browser import Browser
from tests.support.queries import statements
from tests.support.world import Business


def test_some_pages_behind_the_one_that_is_shown_are_offered(
    salon: Business, garage: Business, admin: Browser
) -> None:
    with unscoped("a test"):
        for owner, many in ((salon, 399), (garage, 60)):
            rows = [{"tenant_id": owner.id, "first_name": "Many"} for _ in range(many)]
            db.session.execute(insert(Customer), rows)
        db.session.commit()
    with tenant_scope(salon.id), statements() as seen:
        first = admin.get("/admin/customers/").text
    assert _pages(first) == ["1", "2", "3", "4", "5"]
    assert not [each for each in seen if "count(" in each and "LIMIT" not in each]
    assert _pages(admin.get("/admin/customers/?page=7").text)[-1] == "8"
    assert _pages(admin.get("/admin/customers/?search=salon").text) == []


def _pages(page: str) -> list[str]:
    return re.findall(r'class="page-link"[^>]*>(\d+)<', page)
