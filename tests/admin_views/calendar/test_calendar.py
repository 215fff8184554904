"""The calendar: what it shows and where, and what is done in it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from admin_views.calendar import calendar, collisions
from admin_views.calendar.calendar_page import span
from admin_views.panels import appointments
from app.appointments import booking_warnings, commands, diary
from app.extensions import db
from app.lib.time.business_time import BusinessTime
from app.models import Appointment, Customer, StaffMember
from app.tenancy import tenant_scope
from tests.admin_views.reading import anyway, cells, filled, rows, told
from tests.support.browser import Browser
from tests.support.queries import statements
from tests.support.world import NOON, Business

JSON = {"Accept": "application/json"}
DAY_LONG = timedelta(days=1)
DAY = "/calendar?day=2026-11-19"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon, whenever the tests run: what is booked is not in the past."""
    for module in (calendar, appointments):
        monkeypatch.setattr(module, "now", lambda: NOON)


def book(salon: Business, starts_at: datetime, minutes: int = 60, **more: int) -> int:
    details = {"customer_id": salon.customer_id, "duration_minutes": minutes} | more
    with tenant_scope(salon.id):
        return commands.book(NOON, starts_at=starts_at, **details).id  # type: ignore[typeddict-item]


def test_staff_book_move_and_complete_in_the_calendar(
    salon: Business, garage: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first] = rows(salon, Appointment)
    form = filled(staff.get("/calendar/new?day=2026-11-19&time=12:30")) | {
        "customer_id": str(salon.customer_id),
        "service_id": str(first.service_id),
        "staff_member_id": str(first.staff_member_id),
        "duration_minutes": "",
    }
    # Sofia is there already.
    asked = staff.post("/calendar/new?view=week", data=form)
    assert "Sofia has Ann Salon 12:00 PM to 1:00 PM. Book anyway?" in cells(asked.text)
    assert asked.status_code == 422 and len(rows(salon, Appointment)) == 1
    booked = staff.post("/calendar/new?view=week", data=filled(asked) | anyway(asked))
    assert booked.location == "/calendar?day=2026-11-19&view=week", told(booked)
    assert "Booked: Ann Salon, Thu, Nov 19, 12:30 PM with Sofia." in told(
        staff.get(booked.location)
    )
    made = rows(salon, Appointment)[1]
    assert made.starts_at == datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
    assert made.duration_minutes == 60
    form = filled(staff.get(f"/calendar/{made.id}")) | {"time": "15:00", "staff_member_id": ""}
    moved = staff.post(f"/calendar/{made.id}/move", data=form)
    assert moved.status_code == 302, told(moved)
    # Who still sees it where it was is told so.
    late = staff.post(f"/calendar/{made.id}/move", data=form | {"time": "16:00"})
    assert late.status_code == 422 and "moved this appointment meanwhile" in told(late)
    [_, after] = rows(salon, Appointment)
    assert after.starts_at == datetime(2026, 11, 19, 20, 0, tzinfo=UTC)
    assert after.staff_member_id is None
    monkeypatch.setattr(calendar, "now", lambda: after.starts_at)
    staff.post(f"/calendar/{made.id}/complete")
    assert rows(salon, Appointment)[1].status == "completed"
    assert len(rows(garage, Appointment)) == 1


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"customer_id": ""}, "Choose the customer first."),
        ({"day": "", "time": ""}, "Give the day and the time."),
        ({"day": "2026-03-08", "time": "02:30"}, "there is no 02:30 on 2026-03-08"),
        ({"day": "x", "time": "02:30"}, "no time such as"),
        ({"duration_minutes": "0"}, "Give 1 to 1,440 minutes."),
    ],
)
def test_what_cannot_be_booked_is_told_and_keeps_what_was_entered(
    sent: dict[str, str], says: str, salon: Business, garage: Business, staff: Browser
) -> None:
    good = {"customer_id": str(salon.customer_id), "day": "2026-11-20", "time": "09:00"}
    good["notes"] = "Bring the dog"
    page = staff.post("/calendar/new", data=good | sent)
    assert page.status_code == 422 and says in told(page)
    assert "Bring the dog" in page.text
    asked = staff.post("/calendar/new", json=good | sent, headers=JSON)
    assert (asked.status_code, says in asked.json["error"]) == (422, True)  # type: ignore[index]
    assert len(rows(salon, Appointment)) == 1
    assert staff.post("/calendar/new", json=good, headers=JSON).status_code == 201


def test_who_presses_book_again_has_booked_once(
    salon: Business, garage: Business, staff: Browser
) -> None:
    form = filled(staff.get("/calendar/new?day=2026-11-20&time=09:00"))
    form |= {"customer_id": str(salon.customer_id)}
    assert [staff.post("/calendar/new", data=form).status_code for _ in range(2)] == [302, 302]
    assert len(rows(salon, Appointment)) == 2
    anew = filled(staff.get("/calendar/new?day=2026-11-20&time=09:00"))
    assert anew["client_token"] != form["client_token"]
    # Another business's tokens are its own affair.
    theirs = {"customer_id": garage.customer_id, "starts_at": "2026-11-20T09:00"}
    theirs["client_token"] = form["client_token"]
    other = Browser(garage.staff).post("/calendar/new", json=theirs, headers=JSON)
    assert other.status_code == 201
    assert len(rows(garage, Appointment)) == 2


def test_a_form_that_has_booked_says_so_where_it_asks_for_another(
    salon: Business, garage: Business, staff: Browser
) -> None:
    form = {"customer_id": salon.customer_id, "starts_at": "2026-11-20T09:00", "client_token": "t"}
    assert staff.post("/calendar/new", json=form, headers=JSON).status_code == 201
    other = form | {"starts_at": "2026-11-20T11:00"}
    refused = staff.post("/calendar/new", json=other, headers=JSON)
    assert refused.status_code == 422 and "already" in refused.json["error"]
    assert len(rows(salon, Appointment)) == 2
    # The page that says so can book it, and no link can give a page a token that is used.
    again = filled(staff.post("/calendar/new", data=other))["client_token"]
    assert staff.post("/calendar/new", data=other | {"client_token": again}).status_code == 302
    assert len(rows(salon, Appointment)) == 3
    assert filled(staff.get("/calendar/new?client_token=t"))["client_token"] != "t"


def test_programs_read_and_change_it_as_json(
    salon: Business, garage: Business, staff: Browser
) -> None:
    [one] = rows(salon, Appointment)
    week = staff.get("/calendar?day=2026-11-17&view=week", headers=JSON).json
    assert week and week["days"][0] == "2026-11-15"
    assert [each["id"] for each in week["appointments"]] == [one.id]
    assert week["appointments"][0]["starts_at"] == "2026-11-19T17:00:00+00:00"
    path = f"/calendar/{one.id}"
    cancelled = staff.post(f"{path}/cancel", headers=JSON)
    assert cancelled.json and cancelled.json["status"] == "cancelled"
    again = staff.post(f"{path}/move", json={"starts_at": "2026-11-20T09:00"}, headers=JSON)
    assert again.status_code == 422 and "Reopen it first" in again.text
    assert staff.get(DAY, headers=JSON).json["appointments"] == []  # type: ignore[index]
    assert staff.get(f"{DAY}&cancelled=1", headers=JSON).json["appointments"]  # type: ignore[index]


def test_a_page_takes_as_many_statements_for_many_appointments_as_for_one(
    salon: Business, garage: Business, staff: Browser
) -> None:
    counts = []
    for names in ([], ["Bo", "Cy", "Di"]):
        with tenant_scope(salon.id):
            for name in names:
                customer, person = Customer(first_name=name), StaffMember(name=name)
                db.session.add_all([customer, person])
                db.session.flush()
                book(salon, NOON + DAY_LONG, customer_id=customer.id, staff_member_id=person.id)
        for view in ("day", "week"):
            staff.get(f"{DAY}&view={view}")
            with statements() as seen:
                page = staff.get(f"{DAY}&view={view}").text
            assert all(name in page for name in ["Ann", *names])
            assert len([each for each in seen if "FROM appointment" in each]) == 1
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_a_week_begins_as_where_the_business_is_and_never_hides_tomorrow() -> None:
    sunday, saturday = date(2026, 11, 15), date(2026, 11, 21)
    for home, first, last in (("en_US", 15, 21), ("en_GB", 16, 22)):
        wall, here = BusinessTime("UTC", home), date(2026, 11, last)
        week = [date(2026, 11, day) for day in range(first, last + 1)]
        assert span(week[3], "week", wall, sunday - DAY_LONG) == week
        assert span(week[3], "week", wall, here) == [*week, here + DAY_LONG]
    assert span(saturday, "day", wall, saturday) == [saturday]


def test_more_than_can_be_shown_is_said(
    salon: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    [known] = rows(salon, Appointment)
    monkeypatch.setattr(diary, "MOST", 2)
    theirs = {"staff_member_id": known.staff_member_id}
    for minute in range(4):
        last = book(salon, known.starts_at - timedelta(minutes=minute), **theirs)  # type: ignore[arg-type]
    assert "There are more: this page shows the first 2." in staff.get(DAY).text
    shown = staff.get(DAY, headers=JSON).json
    assert shown and (shown["more"], len(shown["appointments"])) == (True, 2)
    monkeypatch.setattr(collisions, "MOST", 1)
    monkeypatch.setattr(booking_warnings, "MOST", 1)
    asked = staff.post(f"/calendar/{last}/move", data={"duration_minutes": "59"})
    assert "Sofia has Ann Salon 11:58 AM to 12:58 PM and others. Book" in cells(asked.text)


def test_the_day_is_the_wall_clocks_also_when_the_clocks_change(
    salon: Business, garage: Business, staff: Browser
) -> None:
    # (instant, how long, the day of it, where its block stands in a day shown from 1:00)
    for starts_at, minutes, day, place in (
        (datetime(2026, 3, 8, 6, 30, tzinfo=UTC), 60, "2026-03-08", "h0 m30 dh2 dm0"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), 90, "2026-11-01", "h0 m30 dh1 dm30"),
    ):
        id_ = book(salon, starts_at, minutes)
        page = staff.get(f"/calendar?day={day}").text
        found = re.search(rf'class="cal-block cal-scheduled ([^"]*)"\s+href="/calendar/{id_}', page)
        assert found and found[1].startswith(place), page
        # Saved as it was, it stays in the second of the two hours.
        form = filled(staff.get(f"/calendar/{id_}")) | {"notes": "x"}
        assert staff.post(f"/calendar/{id_}/move", data=form).status_code == 302
        assert rows(salon, Appointment)[-1].starts_at == starts_at


def test_nonsense_in_the_address_is_today(salon: Business, staff: Browser) -> None:
    for query in ("day=x", "day=0001-01-01", "day=9999-12-31", "view=year", "day=2026-02-30"):
        assert staff.get(f"/calendar?{query}").status_code == 200, query
    for query in ("offset=-1", "limit=-1", "query=%27%20%26", f"offset={2**70}", "query=%5C"):
        assert staff.get(f"/calendar/customers?{query}").status_code in (200, 404), query


def test_customers_are_found_by_both_names_and_by_digits_and_only_ours(
    salon: Business, garage: Business, staff: Browser
) -> None:
    for words in ("ann salon", "ANN", "555 0142", "(0212) 555-0142", ""):
        found = staff.get("/calendar/customers", query_string={"query": words}).json
        assert [each[0] for each in found or ()] == [salon.customer_id], words
    assert staff.get("/calendar/customers?query=garage").json == []


def test_the_panel_writes_by_the_same_commands(
    salon: Business, garage: Business, admin: Browser
) -> None:
    [one] = rows(salon, Appointment)
    path = f"/admin/appointments/edit/?id={one.id}"
    form = filled(admin.get(path)) | {"customer": salon.customer_id, "status": "cancelled"}
    assert admin.post(path, data=form).status_code == 302
    refused = admin.post(path, data=form | {"starts_at": "2026-11-20 09:00"})
    assert "Reopen it first, then move it." in told(refused)
    before = rows(salon, Appointment)[0].booked_at
    reopened = form | {"starts_at": "2026-11-20 09:00", "status": "scheduled"}
    assert admin.post(path, data=reopened).status_code == 302
    [after] = rows(salon, Appointment)
    assert after.starts_at == datetime(2026, 11, 20, 14, tzinfo=UTC) and after.booked_at > before
    admin.post("/admin/appointments/action/", data={"action": "delete", "rowid": [one.id]})
    assert rows(salon, Appointment) == []


def test_a_booking_from_a_conversation_leads_back_to_it(
    salon: Business, garage: Business, staff: Browser
) -> None:
    thread = f"/messages/{salon.customer_id}"
    way = f"/calendar/new?customer_id={salon.customer_id}&to=thread"
    assert way.replace("&", "&amp;") in staff.get(thread).text
    form = filled(staff.get(way)) | {"day": "2026-11-20", "time": "10:00"}
    booked = staff.post("/calendar/new?to=thread", data=form)
    assert booked.location == thread, told(booked)
    assert "Booked: Ann Salon" in told(staff.get(thread))
    # Nowhere else, whatever the address says.
    form |= {"client_token": "another", "time": "13:00"}
    assert staff.post("/calendar/new?to=//evil.test", data=form).location.startswith("/calendar?")
    assert staff.get(f"/calendar/new?customer_id={garage.customer_id}&to=thread").status_code == 404


def test_somebody_new_is_entered_while_booking_and_nothing_typed_is_lost(
    salon: Business, staff: Browser
) -> None:
    typed = {"day": "2026-11-20", "time": "10:00", "notes": "Long hair", "new_name": "Uma Stone"}
    form = filled(staff.get("/calendar/new")) | {"customer_id": ""} | typed
    wrong = staff.post("/calendar/new", data=form | {"new_phone": "12"})
    assert wrong.status_code == 422 and "Long hair" in wrong.text and "Uma Stone" in wrong.text
    both = form | {"new_phone": "+12125550188", "customer_id": str(salon.customer_id)}
    assert "not both" in told(staff.post("/calendar/new", data=both))
    booked = staff.post("/calendar/new?to=profile", data=form | {"new_phone": "+12125550188"})
    made = rows(salon, Customer)[-1]
    assert (made.name, booked.location) == ("Uma Stone", f"/customers/{made.id}")
    assert rows(salon, Appointment)[-1].customer_id == made.id


def test_a_week_shows_names_first_is_narrowed_to_one_person_and_leaves_anyones_out(
    salon: Business, garage: Business, staff: Browser
) -> None:
    [sofias] = rows(salon, Appointment)
    with tenant_scope(salon.id):
        bo = Customer(first_name="Bo")
        leo = StaffMember(name="Leo")
        db.session.add_all([bo, leo])
        db.session.commit()
        leo_id, bo_id = leo.id, bo.id
    assert "Anyone" not in re.findall(r'aria-label="(\w+)"', staff.get(DAY).text)
    for _ in range(5):
        book(salon, sofias.starts_at, customer_id=bo_id, staff_member_id=leo_id)
    week = f"{DAY}&view=week"
    page = cells(staff.get(week).text)
    assert "Ann Salon 12:00 PM" in page and "+4 more on Thu 19 from 12:00 PM" in page
    only = staff.get(f"{week}&staff={leo_id}")
    assert "Ann Salon" not in cells(only.text) and "Bo 12:00 PM" in cells(only.text)
    # What is booked there is with that person, and one comes back to the same.
    assert f"staff_member_id={leo_id}&amp;view=week&amp;staff={leo_id}" in only.text
    told = staff.get(f"{week}&staff={sofias.staff_member_id}", headers=JSON).json
    assert told and [each["customer"] for each in told["appointments"]] == ["Ann Salon"]
    book(salon, sofias.starts_at, customer_id=bo_id)
    assert "Anyone" in re.findall(r'aria-label="(\w+)"', staff.get(DAY).text)
    anyones = staff.get(f"{week}&staff=anyone", headers=JSON).json
    assert anyones and [each["customer"] for each in anyones["appointments"]] == ["Bo"]
    # A stranger's person, or none at all, narrows nothing.
    [theirs] = rows(garage, StaffMember)
    for nobody in (theirs.id, "x", 10**30):
        assert "Ann Salon" in cells(staff.get(f"{week}&staff={nobody}").text)
