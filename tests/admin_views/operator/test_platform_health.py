"""The operator reads how what all share does, and which businesses are in trouble."""

from sqlalchemy import select

from app.extensions import db
from app.health import watch
from app.lib.time.clock import now
from app.models import HealthResult
from app.tenancy import unscoped
from tests.admin_views.panels.test_messaging_health import check, pause
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.world import Business

PAGE, CHECK = "/admin/platform-health/", "/admin/platform-health/check"


def test_what_all_share_is_told_and_kept_without_a_business(
    operator: Browser, post: Mailboxes, salon: Business, garage: Business
) -> None:
    assert "The database answers." in operator.get(PAGE).text
    said = operator.post(CHECK, follow_redirects=True).text
    assert "Looking…" in said and "The mail server lets us in." not in said
    watch.watch_due(now())
    db.session.remove()
    assert "The mail server lets us in." in operator.get(f"{PAGE}?part=state").text
    with unscoped("tests"):
        assert None in {row.tenant_id for row in db.session.scalars(select(HealthResult))}


def test_businesses_in_trouble_are_listed_by_name(
    operator: Browser, admin: Browser, salon: Business, garage: Business
) -> None:
    assert "Nothing was wrong in any business" in operator.get(PAGE).text
    pause(salon)
    check(admin)
    page = operator.get(PAGE).text
    assert "SMS waits since an error" in page
    assert "Bella&#39;s Salon" in page and "Strangers&#39;" not in page


def test_an_operator_inside_a_business_sees_the_same(
    operator: Browser, admin: Browser, salon: Business, garage: Business
) -> None:
    pause(garage)
    check(Browser(garage.admin))
    operator.post(f"/admin/tenants/enter/{salon.id}")
    assert operator.post(CHECK).status_code == 302
    assert "SMS waits since an error" in operator.get(PAGE).text


def test_admins_of_a_business_are_not_let_in(
    admin: Browser, salon: Business, garage: Business
) -> None:
    assert admin.get(PAGE).status_code == 403
    assert admin.post(CHECK).status_code == 403
