"""What staff do from the panel of calls."""

import re

from sqlalchemy import update

from app.extensions import db
from app.models import Call, Promise
from app.models.call import WITHHELD
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.browser import Browser
from tests.support.world import Business


def test_from_the_calls_staff_promise_to_call_back(
    salon: Business, garage: Business, staff: Browser
) -> None:
    page = staff.get("/admin/calls/").text
    deeds = re.findall(rf"/messages/{salon.customer_id}/promise\?until=tomorrow", page)
    assert deeds
    assert f"/messages/{garage.customer_id}/promise" not in page
    thread = staff.post(deeds[0], follow_redirects=True)
    assert "Call back" in thread.text
    assert [each.what for each in rows(salon, Promise) if each.done_at is None]
    # Nobody can call a number that was kept back.
    with tenant_scope(salon.id):
        db.session.execute(update(Call).values(caller=WITHHELD))
        db.session.commit()
    assert "/promise?" not in staff.get("/admin/calls/").text
