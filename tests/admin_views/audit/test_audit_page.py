"""What an admin reads of who did what, and the operator."""

import csv

from app.models import AuditEntry, Service
from tests.admin_views.reading import cells, rows
from tests.support.browser import Browser
from tests.support.world import Business

LOG = "/admin/audit-log/"


def rename(person: Browser, business: Business, name: str) -> int:
    service = rows(business, Service)[0]
    form = {"name": name, "duration_minutes": str(service.duration_minutes), "active": "y"}
    path = f"/admin/services/edit/?id={service.id}"
    assert person.post(path, data=form).status_code == 302
    return service.id


def test_each_entry_is_a_sentence_with_before_and_after(
    salon: Business, garage: Business, admin: Browser
) -> None:
    id_ = rename(admin, salon, "Trim & <b>shave</b>")
    page = admin.get(LOG).text
    assert "changed the service “Trim &amp; &lt;b&gt;shave&lt;/b&gt;”." in page
    assert "Name Cut Trim & <b>shave</b>" in cells(page)
    assert f"/admin/services/details/?id={id_}" in page


def test_nobody_reads_of_another_business(salon: Business, garage: Business) -> None:
    rename(Browser(garage.admin), garage, "Strange oil")
    admin = Browser(salon.admin)
    [theirs] = rows(garage, AuditEntry)
    for query in ("", "?kind=service", f"?row={theirs.row_id}&kind=service", "?before=9999999-9"):
        assert "Strange" not in admin.get(LOG + query).text
        assert "Strange" not in admin.get(f"{LOG}export/csv/{query}", buffered=True).text
    assert Browser(salon.staff).get(LOG).status_code == 403


def test_the_log_is_narrowed_by_who_what_kind_row_and_day(
    salon: Business, garage: Business, admin: Browser
) -> None:
    id_ = rename(admin, salon, "Trim")
    [entry] = rows(salon, AuditEntry)
    day = entry.at.date()
    shows = (f"who={entry.actor_id}", "what=changes", "kind=service", f"kind=service&row={id_}")
    for query in (*shows, "since=2020-01-01", f"until={day.replace(year=day.year + 1)}"):
        assert "“Trim”" in admin.get(f"{LOG}?{query}").text, query
    hides = ("who=support", "what=files", "kind=label", f"kind=service&row={id_ + 1}")
    for query in (*hides, "until=2020-01-01", "since=2200-01-01", f"customer={salon.customer_id}"):
        page = admin.get(f"{LOG}?{query}")
        assert "“Trim”" not in page.text and "Nothing was done that fits" in page.text, query


def test_nonsense_in_the_address_is_left_out(salon: Business, admin: Browser) -> None:
    rename(admin, salon, "Trim")
    for query in ("who=x", "row=²", f"row={'9' * 30}", "since=x", "what=x", "kind=x", "before=x-y"):
        assert "“Trim”" in admin.get(f"{LOG}?{query}").text, query
    assert admin.get(f"{LOG}?before={2**51}-1").status_code == 200
    assert admin.get(f"{LOG}?since=0001-01-01&until=9999-12-31").status_code == 200


def test_the_file_says_the_same_and_that_it_was_made_is_logged(
    salon: Business, garage: Business, admin: Browser
) -> None:
    rename(admin, salon, "Trim")
    file = admin.get(f"{LOG}export/csv/?kind=service", buffered=True)
    [line] = csv.DictReader(file.text.splitlines())
    assert line["What"].endswith("changed the service “Trim”.")
    assert line["Changes"] == "Name: Cut → Trim"
    told = rows(salon, AuditEntry)[-1]
    assert told.action == "exported"
    assert told.facts == {"panel": "the audit log", "narrowed": "kind service", "rows": 1}
    assert "exported 1 row of the audit log, narrowed by kind service." in admin.get(LOG).text


def test_an_export_of_a_panel_is_logged_with_its_filter(
    salon: Business, garage: Business, admin: Browser
) -> None:
    admin.get("/admin/customers/export/csv/?search=Ann", buffered=True)
    [told] = rows(salon, AuditEntry)
    assert told.facts == {"panel": "customers", "narrowed": "search Ann", "rows": 1}


def test_the_operator_reads_of_each_business_and_of_the_platform(
    salon: Business, garage: Business, operator: Browser
) -> None:
    rename(Browser(salon.admin), salon, "Trim")
    rename(Browser(garage.admin), garage, "Oil")
    page = "/admin/platform-audit/"
    both = operator.get(f"{page}?business=all").text
    assert "“Trim”" in both and "“Oil”" in both
    one = operator.get(f"{page}?business={garage.id}&kind=service").text
    assert "“Trim”" not in one and "“Oil”" in one
    assert "“Oil”" not in operator.get(page).text
    assert Browser(salon.admin).get(page).status_code == 403


def test_sign_ins_and_refused_ones_are_logged(
    salon: Business, garage: Business, admin: Browser
) -> None:
    person = Browser()
    person.sign_in(salon.staff, "wrong-horse-battery")
    person.sign_in(salon.staff)
    person.post("/logout")
    Browser().sign_in(garage.staff)
    refused, came, went = rows(salon, AuditEntry)
    assert [line.action for line in (refused, came, went)] == [
        "sign_in_refused",
        "signed_in",
        "signed_out",
    ]
    assert refused.actor_id is None and came.actor_id == went.actor_id == refused.row_id
    page = admin.get(f"{LOG}?what=sign-ins").text
    assert f"gave a wrong password for {salon.staff}." in page and "signed out." in page


def test_many_at_once_are_one_entry_with_all_of_them(
    salon: Business, garage: Business, staff: Browser
) -> None:
    form = {"talk": [f"{salon.customer_id}:999999:0"], "do": "assign:"}
    staff.post("/messages/bulk", data=form)
    form["do"] = "close"
    staff.post("/messages/bulk", data=form)
    told = rows(salon, AuditEntry)
    assert [line.action for line in told] == ["many"]
    assert told[0].facts == {
        "done": "closed: 1 conversation at once",
        "ids": [salon.customer_id],
    }
