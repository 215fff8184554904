"""An admin reads whether messages come and go; a bar on every page says what is broken."""

import re
from datetime import timedelta

import requests
from sqlalchemy import select, update

from app.extensions import db
from app.health import watch
from app.lib.time.clock import now
from app.models import HealthRequest, HealthResult, Message, SenderPause, Tenant
from app.outbox import drain
from app.tenancy import tenant_scope, unscoped
from tests.conftest import SID
from tests.numbers.test_prove import at_twilio
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.world import Business, hear

PAGE, CHECK = "/admin/health/", "/admin/health/check"
REASON = "The <b>account</b> is closed."


def pause(business: Business) -> None:
    until = now() + timedelta(hours=1)
    with tenant_scope(business.id):
        told = {"reason": REASON, "since": now(), "until": until}
        db.session.add(SenderPause(tenant_id=business.id, channel="sms", **told))
        db.session.commit()
    db.session.remove()


def check(person: Browser) -> None:
    """Press the button, and have a worker look."""
    assert person.post(CHECK).status_code == 302
    watch.watch_due(now())
    db.session.remove()


def kept(business: Business) -> dict[str, str]:
    with unscoped("tests"):
        rows = select(HealthResult).where(HealthResult.tenant_id == business.id)
        return {row.check: row.state for row in db.session.scalars(rows)}


def later() -> None:
    """Nobody's hour has come."""
    with unscoped("tests"):
        db.session.execute(update(Tenant).values(health_due_at=now() + timedelta(hours=1)))
        db.session.commit()
    db.session.remove()


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
    later()
    assert "finding-broken" not in admin.get(PAGE).text
    check(admin)
    assert kept(garage) == {}
    assert "account" not in admin.get("/messages").text.partition("<main")[2]


def test_check_now_asks_twilio_and_keeps_what_it_says(
    admin: Browser, twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, SID, salon.number)
    assert "Where Twilio brings" not in admin.get(PAGE).text, "nobody has asked"
    said = admin.post(CHECK, follow_redirects=True).text
    assert "Looking…" in said and "Where Twilio brings" not in said, "a worker asks, and no page"
    watch.watch_due(now())
    said = admin.get(f"{PAGE}?part=state").text
    assert "Looking…" not in said and "Where Twilio brings" in said and "<html" not in said
    assert kept(salon)["twilio_numbers"] == "broken", "its sender on WhatsApp is not there"


def test_who_presses_it_again_and_again_is_asked_to_wait(
    admin: Browser, salon: Business, garage: Business
) -> None:
    told = [admin.post(CHECK).status_code for _ in range(13)]
    assert told == [302] * 12 + [429]


def test_what_is_broken_stands_on_every_page_of_an_admin_until_it_is_put_right(
    admin: Browser, staff: Browser, salon: Business, garage: Business
) -> None:
    pause(salon)
    assert "See what to do" not in admin.get("/messages").text, "nobody has looked yet"
    check(admin)
    bar = admin.get("/messages").text
    assert "See what to do" in bar and "SMS waits since an error" in bar
    assert "See what to do" not in admin.get(PAGE).text
    assert "SMS waits since an error" not in staff.get("/messages").text
    assert "SMS waits since an error" not in Browser(garage.admin).get("/messages").text
    admin.post("/admin/business/resume")
    check(admin)
    assert "See what to do" not in admin.get("/messages").text


def test_a_look_that_nobody_takes_says_so(
    admin: Browser, salon: Business, garage: Business
) -> None:
    admin.post(CHECK)
    with unscoped("tests"):
        row = db.session.scalars(select(HealthRequest)).one()
        row.asked_at = now() - timedelta(minutes=3)
        db.session.commit()
    page = admin.get(PAGE).text
    assert "Nobody has looked since" in page and "Looking…" not in page
    assert "Nobody has looked" not in Browser(garage.admin).get(PAGE).text


def test_staff_are_not_let_in(staff: Browser, salon: Business, garage: Business) -> None:
    assert staff.get(PAGE).status_code == 403
    assert staff.post(CHECK).status_code == 403


HOOKS, TEST = "/admin/health/webhooks", "/admin/health/test"
THEIRS = 'https://theirs.example/in?<script>alert("x")</script>'
MINE = "(415) 555-0177"


def calls(twilio: Carrier, business: Business) -> str:
    numbers = requests.get(f"{twilio.url}/simulator/numbers", timeout=5).json()["numbers"]
    return next(str(each["sms_url"]) for each in numbers if each["number"] == business.number)


def test_a_foreign_address_is_shown_and_replaced_only_when_an_admin_says_so(
    admin: Browser, twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, SID, salon.number, sms_url=THEIRS)
    page = admin.post(HOOKS).text
    assert "Twilio calls somebody else" in page and "Replace them by ours" in page
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    assert admin.get(HOOKS).headers["Location"] == PAGE  # who opens the address again
    assert calls(twilio, salon) == THEIRS
    agreed = re.search(r'name="agreed" value="(\w+)"', page)
    assert agreed
    assert "Replace them by ours" in admin.post(HOOKS, data={"agreed": "0" * 64}).text
    done = admin.post(HOOKS, data={"agreed": agreed[1]}).text
    assert "This was set at Twilio" in done and "&lt;script&gt;" in done, "what stood there is told"
    assert calls(twilio, salon).startswith("http://localhost/api/twilio/salon/sms")
    assert "Looking…" in admin.get(PAGE).text, "it is looked at anew by itself"
    said = admin.post(HOOKS, follow_redirects=True).text
    assert "Twilio calls our addresses already" in said


def test_what_twilio_says_no_to_is_told_on_the_page(
    admin: Browser, twilio: Carrier, salon: Business, garage: Business
) -> None:
    at_twilio(twilio, SID, salon.number)
    twilio.breaks("token_replaced")
    said = admin.post(HOOKS, follow_redirects=True).text
    assert "Your Twilio credentials were rejected" in said


def test_a_test_is_sent_and_what_came_of_it_is_read(
    admin: Browser, staff: Browser, twilio: Carrier, salon: Business, garage: Business
) -> None:
    said = admin.post(TEST, data={"phone": MINE}, follow_redirects=True).text
    assert "(415) 555-0177" in said and "It is on its way out." in said
    drain.drain(now())
    assert "Twilio has it." in admin.get(f"{PAGE}?part=tests").text
    hear(salon, "<b>Here</b>", number="+14155550177", at=now())
    part = admin.get(f"{PAGE}?part=tests").text
    assert "texts go both ways" in part and "data-looking" not in part and "<html" not in part
    assert "555-0177" not in Browser(garage.admin).get(PAGE).text
    with unscoped("tests"):
        test = db.session.scalars(select(Message).join(Message.self_test)).one()
    assert "Messaging health, to see whether texts arrive" in (
        staff.get(f"/messages/{test.customer_id}").text
    )


def test_what_cannot_be_sent_is_told(admin: Browser, salon: Business, garage: Business) -> None:
    for phone, why in (("12", "not a complete telephone"), (salon.number, "writes from")):
        assert why in admin.post(TEST, data={"phone": phone}, follow_redirects=True).text
    hear(salon, "STOP", number="+14155550177")
    said = admin.post(TEST, data={"phone": MINE}, follow_redirects=True).text
    assert "This person replied STOP" in said


def test_a_test_that_failed_says_why(
    admin: Browser, twilio: Carrier, salon: Business, garage: Business
) -> None:
    admin.post(TEST, data={"phone": MINE})
    twilio.faults(reject={"+14155550177": 21614})
    drain.drain(now())
    assert "It did not arrive: This is not a mobile number" in admin.get(PAGE).text
