"""What the calendar and the panel ask before an appointment is stored, and how it is answered."""

from datetime import timedelta

import pytest

from admin_views.calendar import calendar
from admin_views.panels import appointments
from app.appointments import commands
from app.models import Appointment
from app.tenancy import tenant_scope
from tests.admin_views.reading import anyway, cells, filled, rows, told
from tests.support.browser import Browser
from tests.support.working import MORNINGS, days, opens, person, works
from tests.support.world import NOON, Business

JSON = {"Accept": "application/json"}
HER_HOUR = "Sofia has Ann Salon 12:00 PM to 1:00 PM. Book anyway?"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (calendar, appointments):
        monkeypatch.setattr(module, "now", lambda: NOON)


@pytest.fixture
def free(salon: Business, garage: Business) -> Appointment:
    """Another appointment of the same person, three hours after the first."""
    [first] = rows(salon, Appointment)
    with tenant_scope(salon.id):
        commands.book(
            NOON,
            customer_id=salon.customer_id,
            staff_member_id=first.staff_member_id,
            starts_at=first.starts_at + timedelta(hours=3),
            duration_minutes=60,
        )
    found: Appointment = rows(salon, Appointment)[1]
    return found


def test_what_is_dragged_onto_another_is_asked_about_and_not_yet_moved(
    salon: Business, free: Appointment, staff: Browser
) -> None:
    path, to = f"/calendar/{free.id}/move", {"starts_at": "2026-11-19T12:30"}
    asked = staff.post(path, json=to, headers=JSON)
    assert asked.status_code == 422
    assert asked.json and asked.json["question"] == asked.json["error"] == HER_HOUR
    assert rows(salon, Appointment)[1].starts_at == free.starts_at
    moved = staff.post(path, json=to | {"anyway": asked.json["anyway"]}, headers=JSON)
    assert moved.json and moved.json["starts_at"] == "2026-11-19T17:30:00+00:00"


def test_the_form_asks_keeps_what_was_entered_and_stores_it_by_its_button(
    salon: Business, free: Appointment, staff: Browser
) -> None:
    path = f"/calendar/{free.id}"
    form = filled(staff.get(path)) | {"time": "12:30", "notes": "Bring the dog"}
    asked = staff.post(f"{path}/move", data=form)
    assert asked.status_code == 422 and HER_HOUR in cells(asked.text)
    # What her customer would be told is looked up for what was entered.
    assert "data-filled" in asked.text and "data-filled" not in staff.get(path).text
    kept = form | filled(asked)
    assert kept["time"] == "12:30" and "Bring the dog" in asked.text
    # Saved without an answer, it is asked once more.
    assert HER_HOUR in cells(staff.post(f"{path}/move", data=kept).text)
    assert rows(salon, Appointment)[1].starts_at == free.starts_at
    assert staff.post(f"{path}/move", data=kept | anyway(asked)).status_code == 302
    assert rows(salon, Appointment)[1].notes == "Bring the dog"


def test_one_that_is_reopened_onto_another_is_asked_about(
    salon: Business, free: Appointment, staff: Browser
) -> None:
    path = f"/calendar/{free.id}"
    assert staff.post(f"{path}/cancel").status_code == 302
    to = {"starts_at": "2026-11-19T15:00", "customer_id": salon.customer_id}
    to["staff_member_id"] = free.staff_member_id
    assert staff.post("/calendar/new", json=to, headers=JSON).status_code == 201
    asked = staff.post(f"{path}/reopen")
    assert "Sofia has Ann Salon 3:00 PM to 4:00 PM. Book anyway?" in cells(asked.text)
    assert rows(salon, Appointment)[1].status == "cancelled"
    assert staff.post(f"{path}/reopen", data=anyway(asked)).status_code == 302
    assert rows(salon, Appointment)[1].status == "scheduled"


def test_an_appointment_in_the_past_is_questioned_with_how_long_ago_it_is(
    salon: Business, garage: Business, staff: Browser
) -> None:
    form = {"customer_id": salon.customer_id, "starts_at": "2026-11-15T12:00"}
    asked = staff.post("/calendar/new", json=form, headers=JSON)
    assert asked.json and asked.json["question"] == "That is 3 days ago. Book it anyway?"
    assert len(rows(salon, Appointment)) == 1
    answer = form | {"anyway": asked.json["anyway"]}
    assert staff.post("/calendar/new", json=answer, headers=JSON).status_code == 201


def test_the_panel_asks_too_and_takes_the_second_press_as_the_answer(
    salon: Business, free: Appointment, admin: Browser
) -> None:
    path = f"/admin/appointments/edit/?id={free.id}"
    form = filled(admin.get(path)) | {"customer": salon.customer_id, "service": ""}
    form |= {"staff_member": free.staff_member_id, "starts_at": "2026-11-19 12:30"}
    asked = admin.post(path, data=form)
    assert HER_HOUR in told(asked) and "data-filled" in asked.text
    assert rows(salon, Appointment)[1].starts_at == free.starts_at
    form["anyway"] = filled(asked)["anyway"]
    assert admin.post(path, data=form).status_code == 302
    past = form | {"starts_at": "2026-11-15 12:00", "anyway": "", "staff_member": ""}
    assert "That is 3 days ago" in told(admin.post("/admin/appointments/new/", data=past))
    assert len(rows(salon, Appointment)) == 2


def test_nobody_is_asked_about_what_another_business_has(
    salon: Business, garage: Business, staff: Browser
) -> None:
    [theirs] = rows(garage, Appointment)
    form = {"customer_id": salon.customer_id, "starts_at": theirs.starts_at.isoformat()}
    refused = staff.post(
        "/calendar/new", json=form | {"staff_member_id": theirs.staff_member_id}, headers=JSON
    )
    assert refused.status_code == 404
    booked = staff.post("/calendar/new", json=form, headers=JSON)
    assert booked.status_code == 201


@pytest.mark.parametrize(
    ("day", "who", "says"),
    [
        ("2026-11-21", True, "Sofia does not work then. Book it anyway?"),
        ("2026-11-20", True, "Sofia is away then. Book it anyway?"),
        ("2026-11-20", False, "You are closed then. Book it anyway?"),
        ("2026-11-19", True, f"Sofia does not work then. {HER_HOUR}"),
        ("2026-11-16", False, "That is 2 days ago. You are closed then. Book it anyway?"),
    ],
)
def test_a_time_while_nobody_works_is_asked_about_and_booked_by_the_button(
    salon: Business, staff: Browser, day: str, who: bool, says: str
) -> None:
    opens(salon, MORNINGS)
    sofia = person(salon)
    works(salon, sofia, MORNINGS, off=days("2026-11-20"))
    form = {"customer_id": salon.customer_id, "day": day, "time": "12:00"}
    form |= {"staff_member_id": sofia} if who else {}
    asked = staff.post("/calendar/new", data=form)
    assert asked.status_code == 422 and says in cells(asked.text)
    before = len(rows(salon, Appointment))
    booked = staff.post("/calendar/new", data=filled(asked) | form | anyway(asked))
    assert booked.status_code == 302, told(booked)
    assert len(rows(salon, Appointment)) == before + 1
