"""A customer's page: what was, what will be, and why not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import Appointment, Call, Customer, Notification, Tenant
from app.notifications.dispatch import dispatch
from app.notifications.planning.missed_calls import plan_missed
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, told
from tests.support.browser import Browser, visitor
from tests.support.diary import at, book, options
from tests.support.queries import statements
from tests.support.world import NOON, Business, hear, say

JSON = {"Accept": "application/json"}

OURS = select(Notification).where(Notification.status != "skipped")
"""Without the one that every business of the tests begins with."""


@pytest.fixture
def path(salon: Business, garage: Business) -> str:
    """Ann's page; she has an appointment, was reminded of it, was called back and said STOP."""
    book(salon, "2026-11-19 15:00", now="2026-11-10 12:00")
    dispatch(at("2026-11-18 15:00"))
    with tenant_scope(salon.id):
        first = db.session.scalars(select(Call)).one()
        first.started_at = first.missed_at = at("2026-11-18 15:00")
        db.session.commit()
    plan_missed(at("2026-11-18 15:10"))
    hear(salon, "STOP", at=at("2026-11-18 15:05"))
    dispatch(at("2026-11-18 15:10"))
    return f"/customers/{salon.customer_id}"


def test_staff_see_what_was_sent_and_why_not(salon: Business, path: str, staff: Browser) -> None:
    page = cells(staff.get(path).text)
    for words in (
        "Ann Salon",
        "Wants no messages",
        "they wrote “STOP”",
        "The business’s (English)",
        "ann@salon.test May be written to",
        "Nov 19, 2026, 3:00 PM Scheduled",
        "Appointment reminder",
        "by SMS to (212) 555-0142: 24 hours before the appointment.",
        "Missed-call follow-up Not sent",
        "Follow-up: Not sent. This person replied STOP.",
        "Not asked yet.",
    ):
        assert words in page, words
    assert f'href="{path}"' in staff.get(f"/messages/{salon.customer_id}").text
    for panel in ("customers/", "appointments/?when=all"):
        assert f'href="{path}"' in Browser(salon.admin).get(f"/admin/{panel}").text
    assert "Not sent. This person" in cells(Browser(salon.admin).get("/admin/calls/").text)
    told_by = staff.get(path, headers=JSON).json
    assert told_by is not None
    assert told_by["calls"][0]["follow_up"]["cause"] == "opted_out"
    assert [row["stopped"] for row in told_by["consent"]] == [True, False]
    assert {row["type"] for row in told_by["notifications"]} == {
        "booking_confirmation",
        "appointment_reminder",
        "missed_call",
        "review_request",
    }


def test_a_page_promises_no_message_that_will_not_go(
    salon: Business, path: str, staff: Browser
) -> None:
    book(salon, f"{now() + timedelta(days=3):%Y-%m-%d} 15:00", now=f"{now():%Y-%m-%d} 12:00")
    page = cells(staff.get(path).text)
    assert "as things stand: This person replied STOP." in page
    assert "Goes out on" not in page
    told_by = staff.get(path, headers=JSON).json
    assert told_by is not None
    planned = [row["why"] for row in told_by["notifications"] if row["status"] == "planned"]
    assert planned and all(why.startswith("Will not go out on") for why in planned)


def test_nobody_sees_a_strangers_customer(garage: Business, path: str, staff: Browser) -> None:
    theirs = f"/customers/{garage.customer_id}"
    assert staff.get(theirs).status_code == 404
    assert staff.send("POST", f"{theirs}/review").status_code == 404
    assert staff.get("/customers/999999").status_code == 404
    assert visitor().get(path).status_code == 302


def test_a_longer_story_costs_no_more_statements(
    salon: Business, path: str, staff: Browser
) -> None:
    goes_on(salon, 0)
    staff.get(path)
    with statements() as few:
        staff.get(path)
    for day in range(1, 6):
        goes_on(salon, day)
    with statements() as many:
        staff.get(path)
    assert len(many) == len(few)


def goes_on(salon: Business, day: int) -> None:
    """Another appointment, call and message; what is to be sent waits."""
    soon = now() + timedelta(days=2 + day)
    book(salon, f"{soon:%Y-%m-%d} 10:00", now="2026-11-10 12:00")
    hear(salon, "START", at=NOON + timedelta(days=1 + day))
    say(salon, "Hello")
    called = at("2026-11-18 15:20") + timedelta(hours=day)
    with tenant_scope(salon.id):
        call = Call(
            customer_id=salon.customer_id,
            caller=salon.customer_number,
            started_at=called,
            missed_at=called,
        )
        db.session.add(call)
        db.session.commit()
    plan_missed(at("2026-11-18 21:00"))


def test_the_button_asks_for_a_review_and_says_why_not(
    salon: Business, garage: Business, staff: Browser
) -> None:
    path = f"/customers/{salon.customer_id}"
    refused = staff.post(f"{path}/review", headers=JSON)
    assert refused.status_code == 422
    assert "No review page is set" in refused.text
    options(salon, "review_request", link="https://reviews.example/bella")
    with tenant_scope(salon.id):
        tenant = db.session.get_one(Tenant, salon.id)
        tenant.quiet_from = tenant.quiet_until = None
        db.session.commit()
    assert staff.post(f"{path}/review").location == path
    assert "The review request goes" in told(staff.get(path))
    staff.post(f"{path}/review")
    assert "planned already" in told(staff.get(path))
    dispatch(now())
    with tenant_scope(salon.id):
        row = db.session.scalars(OURS).one()
        link = f"/r/{row.link}"
    assert "The link was not opened yet." in cells(staff.get(path).text)
    visitor().get(link)
    assert "The link was opened once" in cells(staff.get(path).text)


def test_a_customers_time_zone_is_chosen_in_the_panel(salon: Business, staff: Browser) -> None:
    form = {"first_name": "Ann", "timezone": "America/Los_Angeles"}
    edit = f"/admin/customers/edit/?id={salon.customer_id}"
    booked = book(salon, "2099-11-20 10:00", now="2026-11-10 12:00")
    assert staff.post(edit, data=form).status_code == 302
    assert staff.post(edit, data=form | {"timezone": "Mars"}).status_code == 200
    with tenant_scope(salon.id):
        assert db.session.get_one(Customer, salon.customer_id).timezone == "America/Los_Angeles"
        # Their quiet hours are at other times now.
        assert db.session.get_one(Appointment, booked).planned_for is None
    assert "America/Los_Angeles" in staff.get(f"/customers/{salon.customer_id}").text
