"""The list of appointments begins with today's, and what is past is another part of it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from admin_views.panels.pages import coming_and_past
from app.extensions import db
from app.models import Appointment
from app.tenancy import tenant_scope
from tests.admin_views.reading import exported, rows
from tests.support.browser import Browser
from tests.support.world import Business

LIST = "/admin/appointments/"
# Half past midnight in New York.
NIGHT = datetime(2026, 11, 19, 5, 30, tzinfo=UTC)
HOURS = (-24, -1, 1, 12, 300)


@pytest.fixture(autouse=True)
def appointments(salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    """At so many hours from then, named by them."""
    monkeypatch.setattr(coming_and_past, "now", lambda: NIGHT)
    for owner in (salon, garage):
        with tenant_scope(owner.id):
            for row in rows(owner, Appointment):
                db.session.delete(row)
            for hours in HOURS:
                about = {"starts_at": NIGHT + timedelta(hours=hours), "booked_at": NIGHT}
                row = Appointment(customer_id=owner.customer_id, duration_minutes=60, **about)
                row.notes = f"{owner.slug} {hours}"
                db.session.add(row)
            db.session.commit()


def listed(person: Browser, query: str) -> list[int]:
    """Which are listed, in their order, by when they begin."""
    named = {"Nov 18, 2026, 12:30 AM": -24, "Nov 18, 2026, 11:30 PM": -1}
    named |= {
        "Nov 19, 2026, 1:30 AM": 1,
        "Nov 19, 2026, 12:30 PM": 12,
        "Dec 1, 2026, 12:30 PM": 300,
    }
    cells = re.findall(
        r'<td class="col-starts_at"[^>]*><div>([^<]+)', person.get(LIST + query).text
    )
    return [named[cell] for cell in cells]


def test_it_begins_with_today_and_goes_on_to_what_is_coming(admin: Browser) -> None:
    assert listed(admin, "") == [1, 12, 300] == listed(admin, "?when=coming")
    assert listed(admin, "?when=past") == [-1, -24]
    assert listed(admin, "?when=all") == [300, 12, 1, -1, -24]
    assert listed(admin, "?when=never") == [1, 12, 300]
    # What is looked for is found wherever it is; in a part only where one says so.
    assert listed(admin, "?search=ann+salon") == [300, 12, 1, -1, -24]
    assert listed(admin, "?search=ann+salon&when=past") == [-1, -24]
    # Another order of the part stays within it.
    page = admin.get(f"{LIST}?when=past").text
    orders = re.findall(r'href="/admin/appointments/(\?[^"]*sort=[^"]*)"', page)
    assert orders and all("when=past" in order for order in orders)
    assert len(exported(admin, "appointments")) == len(HOURS)
