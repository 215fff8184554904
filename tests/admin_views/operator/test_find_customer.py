"""The operator finds a customer of any business by number, which is logged, and sees how each
business fares."""

import re
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from admin_views.operator import find_customer
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import Customer, SenderPause, Tenant, User
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, everybodys, rows
from tests.support import world
from tests.support.browser import Browser
from tests.support.world import Business

PAGE = "/admin/find-customer/"
SHARED = "+14155550177"


def test_a_customer_is_found_in_every_business_by_a_whole_number_and_it_is_logged(
    salon: Business,
    garage: Business,
    operator: Browser,
    admin: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for owner in (salon, garage):
        world.hear(owner, "Hi", number=SHARED)
    ids = [rows(owner, Customer)[-1].id for owner in (salon, garage)]
    with capture_logs() as lines:
        page = operator.post(PAGE, data={"number": "(415) 555-0177"})
        nobody = operator.post(PAGE, data={"number": "+14155550111"})
        part = operator.post(PAGE, data={"number": "555 01"})
    assert "Open in Bella's Salon" in cells(page.text)
    assert "Open in Strangers' Garage" in cells(page.text)
    assert "No business knows this number." in cells(nobody.text)
    assert "is not a whole number" in cells(part.text)
    [us] = [user.id for user in everybodys(User) if user.tenant_id is None]
    shown = [(garage.id, ids[1]), (salon.id, ids[0])]
    sought = [line for line in lines if line["event"] == "customer_sought"]
    assert sorted(sought[0]["shown"]) == sorted(shown)
    assert [line["operator"] for line in sought] == [us] * 3
    assert "5550177" not in str(lines) and "Ann" not in str(lines)
    # The door leads to the customer, and is logged as well.
    path = f"/admin/tenants/enter/{garage.id}"
    assert operator.post(path, data={"customer": ids[1]}).location == f"/messages/{ids[1]}"
    assert operator.get(f"/messages/{ids[1]}").status_code == 200
    assert operator.get(f"/messages/{ids[0]}").status_code == 404
    assert admin.post(PAGE, data={"number": SHARED}).status_code == 403
    monkeypatch.setattr(find_customer, "LOOKS", "1 per minute")
    asked = [operator.post(PAGE, data={"number": SHARED}).status_code for _ in range(2)]
    assert asked == [200, 429]


def test_the_list_of_businesses_tells_how_each_fares(
    salon: Business, garage: Business, operator: Browser
) -> None:
    moment = now()
    world.hear(salon, "Hello", at=moment)
    world.say(salon, "Lost", status=MessageStatus.FAILED)
    world.say(salon, "Late", status=MessageStatus.QUEUED, at=moment - timedelta(minutes=5))
    with tenant_scope(salon.id):
        about = {
            "tenant_id": salon.id,
            "channel": "sms",
            "reason": "The account is closed.",
            "since": moment,
        }
        db.session.add(SenderPause(until=moment + timedelta(minutes=5), **about))
        db.session.commit()
    db.session.get_one(Tenant, garage.id).paused_at = moment
    db.session.commit()
    page = operator.get("/admin/tenants/").text
    ours, theirs = (row_of(page, name) for name in ("Bella&#39;s Salon", "Strangers&#39; Garage"))
    assert (ours["heard"], ours["failed"], ours["waiting"], ours["paused"]) == (
        "Today",
        "1",
        "1",
        "SMS",
    )
    assert (theirs["failed"], theirs["waiting"], theirs["paused"]) == ("", "", "Automatic messages")
    assert f'href="/admin/tenants/enter/{salon.id}"' in page


def row_of(page: str, name: str) -> dict[str, str]:
    """The cells of the business's row, by column."""
    [row] = [part for part in page.split("<tr>") if f">{name}</a>" in part]
    found = re.findall(r'<td class="col-(\w+)[^"]*"[^>]*>(.*?)</td>', row, re.S)
    return {column: cells(cell) for column, cell in found}
