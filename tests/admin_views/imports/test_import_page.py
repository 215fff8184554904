"""A file from the form to its undoing, on the page of an admin."""

from io import BytesIO

import pytest

from app.imports import work_imports
from app.lib.time.clock import now
from app.models import Appointment, Customer, Service
from tests.admin_views.reading import rows, told
from tests.imports.uploads import files, imported, upload
from tests.support.browser import Browser
from tests.support.world import Business

PATH = "/admin/imports/"
TEXT = "Vorname;Nachname;Handy;Hobby\nKay;Li;212-555-0177;Chess\nUma;;12;\n"


def send(admin: Browser, kind: str, content: str | bytes, name: str = "kunden.csv") -> str:
    """Where the form leads to."""
    data = content.encode() if isinstance(content, str) else content
    posted = admin.post(PATH, data={"kind": kind, "file": (BytesIO(data), name)})
    assert posted.status_code == 302
    return posted.location


def test_a_file_is_mapped_looked_through_imported_and_undone(
    salon: Business, garage: Business, admin: Browser
) -> None:
    page = send(admin, "customers", TEXT)
    shown = admin.get(page).text
    assert "Chess" in shown and "Hobby" in shown
    chosen = ["first_name", "", "phone", "last_name"]
    posted = admin.post(f"{page}/check", data={"column": chosen})
    assert posted.location == page
    assert "0 of 2 rows" in admin.get(f"{page}?part=state").text
    work_imports.work(now())
    found = admin.get(page).text
    assert "Ready to be imported" in found and "Line 3" in found
    assert "Change the columns" in found and "Kay" not in {
        each.first_name for each in rows(salon, Customer)
    }
    assert "Hobby" in admin.get(f"{page}?columns=1").text
    admin.post(f"{page}/start")
    work_imports.work(now())
    assert "Undo this import" in admin.get(f"{page}?part=state").text
    assert {"Kay"} == {
        each.first_name for each in rows(salon, Customer) if each.last_name == "Chess"
    }
    admin.post(f"{page}/undo")
    work_imports.work(now())
    assert "taken back" in admin.get(page).text
    log = admin.get("/admin/audit-log/").text
    assert "imported the file kunden.csv" in log and "undid the import of" in log
    assert "Chess" not in {each.last_name for each in rows(salon, Customer)}
    assert "kunden.csv" in admin.get(PATH).text
    assert "kunden.csv" not in Browser(garage.admin).get(PATH).text


def test_what_cannot_be_taken_is_told(salon: Business, admin: Browser) -> None:
    assert "choose one first" in told(admin.get(admin.post(PATH, data={"kind": "staff"}).location))
    assert "say what is in it" in told(admin.get(send(admin, "horses", "a\n1\n")))
    assert "a workbook" in told(admin.get(send(admin, "staff", b"PK\x03\x04")))
    page = send(admin, "customers", "hue,colour\nred,blue\n")
    asked = admin.post(f"{page}/check", data={"column": ["", "first_name"]})
    assert asked.status_code == 422 and "Choose a column for" in told(asked)
    for forged in (["first_name"], ["first_name", "tenant_id"], []):
        assert admin.post(f"{page}/check", data={"column": forged}).status_code == 400


def test_which_of_two_dates_is_meant_is_asked(salon: Business, admin: Browser) -> None:
    text = f"Date,Time,Phone\n03/04/2027,10:00,{salon.customer_number}\n"
    page = send(admin, "appointments", text)
    assert "What is 3/4 in this file?" in admin.get(page).text
    columns = {"column": ["date", "time", "customer_phone"]}
    asked = admin.post(f"{page}/check", data=columns)
    assert asked.status_code == 422 and "third of April" in told(asked)
    admin.post(f"{page}/check", data=columns | {"order": "day"})
    work_imports.work(now())
    admin.post(f"{page}/start")
    work_imports.work(now())
    assert [f"{each.starts_at:%m-%d}" for each in rows(salon, Appointment)][1:] == ["04-03"]


@pytest.mark.parametrize("what", ["", "/check", "/start", "/undo", "/discard"])
def test_nobody_reaches_anothers_import(
    salon: Business, garage: Business, admin: Browser, staff: Browser, what: str
) -> None:
    theirs = upload(garage, "services", "name\nTyres\n")
    act = admin.post if what else admin.get
    assert act(f"/admin/imports/{theirs}{what}").status_code == 404
    as_staff = staff.post if what else staff.get
    assert as_staff(f"/admin/imports/{theirs}{what}").status_code == 403
    assert [each.status for each in files(garage)] == ["mapping"]


def test_a_button_that_is_pressed_twice_does_it_once(salon: Business, admin: Browser) -> None:
    page = send(admin, "services", "name\nDye\n")
    for _ in range(2):
        admin.post(f"{page}/check", data={"column": ["name"]})
    assert "done already" in told(admin.get(page))
    admin.post(f"{page}/discard")
    assert admin.get(page).status_code == 404
    assert files(salon) == []


def test_nothing_is_undone_while_another_waits_to_be_taken(
    salon: Business, garage: Business, admin: Browser
) -> None:
    done = imported(salon, "services", "name\nDye\n", at=now())
    send(admin, "staff", "name\nUma\n")
    page = admin.post(f"/admin/imports/{done.id}/undo").location
    assert "under way" in told(admin.get(page))
    assert "Dye" in {each.name for each in rows(salon, Service)}


def test_each_list_leads_to_the_import_of_its_kind(admin: Browser, staff: Browser) -> None:
    for panel, kind in (
        ("customers", "customers"),
        ("appointments", "appointments"),
        ("services", "services"),
        ("staff-members", "staff"),
    ):
        assert f"/admin/imports/?kind={kind}" in admin.get(f"/admin/{panel}/").text
    assert "/admin/imports/" not in staff.get("/admin/customers/").text
    sample = admin.get("/admin/imports/sample/consent.csv")
    assert sample.mimetype == "text/csv" and b"opted_out" in sample.data
    assert admin.get("/admin/imports/sample/horses.csv").status_code == 404
