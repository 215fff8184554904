"""An admin reads whether messages come and go; a bar on every page says what is broken."""

from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import HealthResult, SenderPause
from app.tenancy import tenant_scope, unscoped
from tests.conftest import SID
from tests.numbers.test_prove import at_twilio
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.world import Business

PAGE, CHECK = "/admin/health/", "/admin/health/check"
REASON = "The <b>account</b> is closed."


def pause(business: Business) -> None:
    until = now() + timedelta(hours=1)
    with tenant_scope(business.id):
        told = {"reason": REASON, "since": now(), "until": until}
        db.session.add(SenderPause(tenant_id=business.id, channel="sms", **told))
        db.session.commit()
    db.session.remove()


def kept(business: Business) -> dict[str, str]:
    with unscoped("tests"):
        rows = select(HealthResult).where(HealthResult.tenant_id == business.id)
        return {row.check: row.state for row in db.session.scalars(rows)}


def test_the_worst_stands_first_with_what_to_do_and_text_is_escaped(
    admin: Browser, salon: Business, garage: Business
) -> None:
    pause(salon)
    page = admin.get(PAGE).text
    assert page.index("finding-broken") < page.index("finding-ok")
    assert "The &lt;b&gt;account&lt;/b&gt; is closed." in page and "<b>account" not in page
    assert "Try again now" in page


def test_another_business_s_trouble_is_not_told(
    admin: Browser, salon: Business, garage: Business
) -> None:
    pause(garage)
    assert "finding-broken" not in admin.get(PAGE).text
    admin.post(CHECK)
    assert kept(garage) == {}
    assert "account" not in admin.get("/messages").text.partition("<main")[2]


def test_check_now_asks_twilio_and_keeps_what_it_says(
    admin: Browser, twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, SID, salon.number)
    assert "Where Twilio brings" not in admin.get(PAGE).text, "nobody has asked"
    said = admin.post(CHECK, follow_redirects=True).text
    assert "Looked at everything just now" in said and "Where Twilio brings" in said
    assert kept(salon)["twilio_numbers"] == "broken", "its sender on WhatsApp is not there"


def test_who_presses_it_again_and_again_is_asked_to_wait(
    admin: Browser, salon: Business, garage: Business
) -> None:
    told = [admin.post(CHECK).status_code for _ in range(7)]
    assert told == [302] * 6 + [429]


def test_what_is_broken_stands_on_every_page_of_an_admin_until_it_is_put_right(
    admin: Browser, staff: Browser, salon: Business, garage: Business
) -> None:
    pause(salon)
    assert "See what to do" not in admin.get("/messages").text, "nobody has looked yet"
    admin.post(CHECK)
    bar = admin.get("/messages").text
    assert "See what to do" in bar and "SMS waits since an error" in bar
    assert "See what to do" not in admin.get(PAGE).text
    assert "SMS waits since an error" not in staff.get("/messages").text
    assert "SMS waits since an error" not in Browser(garage.admin).get("/messages").text
    admin.post("/admin/business/resume")
    admin.post(CHECK)
    assert "See what to do" not in admin.get("/messages").text


def test_staff_are_not_let_in(staff: Browser, salon: Business, garage: Business) -> None:
    assert staff.get(PAGE).status_code == 403
    assert staff.post(CHECK).status_code == 403
