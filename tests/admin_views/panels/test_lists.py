"""Lists, searches, filters and exports of the panels."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import update

from admin_views.panels.export import harmless
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Appointment, Call, Customer, Message, Service
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, exported, rows
from tests.support import world
from tests.support.browser import Browser
from tests.support.world import NOON, Business

# For each panel: a search that finds our row, and a filter that shows it and one that hides it.
FINDS = {
    "customers": ("Ann", {"preferred_channel": "email"}),
    "appointments": ("Ann", {"state": "scheduled"}),
    "calls": ("212555", {"outcome": "missed"}),
    "messages": ("Hello", {"direction": "inbound"}),
    "whatsapp-templates": ("Reminder", {"language": "en"}),
    "services": ("Cut", {"minutes": "60"}),
    "staff-members": ("Sofia", {"takes_appointments": "1"}),
    "users": ("admin", {"role": "staff"}),
}
NOTHING = "match that."


def test_every_panel_searches_and_exports(
    salon: Business, garage: Business, admin: Browser
) -> None:
    for panel, (search, _) in FINDS.items():
        whole = exported(admin, panel)
        found = exported(admin, panel, search=search)
        assert found, f"{panel} finds {search}"
        assert len(found) <= len(whole)
        assert exported(admin, panel, search="qqqq") == [], panel
        page = admin.get(f"/admin/{panel}/?search=qqqq").text
        assert NOTHING in page, panel


def test_every_panel_filters(salon: Business, garage: Business, admin: Browser) -> None:
    with tenant_scope(salon.id):
        db.session.execute(update(Customer).values(preferred_channel="email"))
        db.session.commit()
    for panel, (_, wanted) in FINDS.items():
        for name, value in wanted.items():
            found = exported(admin, panel, **{f"flt0_{name}_equals": value})
            assert found, f"{panel} {name}={value}"
    assert exported(admin, "appointments", flt0_state_equals="cancelled") == []
    assert exported(admin, "messages", flt0_direction_equals="outbound") == []
    both = exported(admin, "messages", flt0_state_in_list="received,read")
    assert len(both) == 1


def test_an_export_holds_what_the_list_shows_in_words(
    salon: Business, garage: Business, admin: Browser
) -> None:
    [appointment] = exported(admin, "appointments")
    assert appointment["Begins"] == "2026-11-19 12:00"
    assert appointment["Customer"] == "Ann Salon"
    assert appointment["Service"] == "Cut"
    assert appointment["With"] == "Sofia"
    assert appointment["Status"] == "Scheduled"
    [message] = exported(admin, "messages")
    assert message["Direction"] == "From customer"
    assert message["Channel"] == "SMS"
    assert message["Status"] == "Received"
    assert message["When"] == "2026-11-18 12:00"
    [customer] = exported(admin, "customers")
    assert customer["Reached at"] == f"ann@salon.test {salon.customer_number}"
    [call] = exported(admin, "calls")
    assert (call["Caller"], call["Outcome"]) == (salon.customer_number, "Missed")
    assert {user["Role"] for user in exported(admin, "users")} == {"Staff", "Admin"}


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(1)",
        "+cmd|' /C calc'!A0",
        "-1+1",
        "@SUM(1)",
        "-2+3|x",
        "+",
        "＝1",
        "＋1",
        "－1",
        "＠SUM(1)",
        "  =1",
        "\u200b=1",
        "\ufeff\u2060 @SUM(1)",
        '"=1',
    ],
)
def test_a_text_that_could_be_a_formula_is_written_as_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("separator", [",", ";", "|", "\t", "\r", "\n", "\r\n"])
def test_a_formula_begins_nowhere_within_a_text(separator: str) -> None:
    assert harmless(f"Ann{separator}=1") == f"Ann{separator}'=1"
    assert harmless(f"Ann{separator} ＝1{separator}@x") == f"Ann{separator}' ＝1{separator}'@x"
    assert harmless(f"Ann{separator}+12125550142") == f"Ann{separator}+12125550142"
    begins = harmless(f"{separator}=1")
    assert begins.removeprefix("'") == f"{separator}'=1"
    assert begins.startswith("'") == separator.isspace()


def test_every_cell_of_an_export_is_quoted(
    salon: Business, garage: Business, admin: Browser
) -> None:
    lines = admin.get("/admin/customers/export/csv/").text.splitlines()
    assert len(lines) >= 2
    for line in lines:
        assert re.fullmatch(r'"[^"]*"(,"[^"]*")*', line), line


@pytest.mark.parametrize(
    "text", ["+12125550142", "+12125550142 +4930901820", "-12", "+3.5", "Ann", "a=1", "1+1", ""]
)
def test_numbers_and_names_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_formulas_of_customers_reach_no_spreadsheet(
    salon: Business, garage: Business, admin: Browser
) -> None:
    formulas = ["=HYPERLINK(1)", "+cmd", "-1+1", "@SUM(1)"]
    with tenant_scope(salon.id):
        for formula in formulas:
            db.session.add(Customer(first_name=formula, notes=formula))
            db.session.add(Service(name=formula, duration_minutes=5))
        db.session.commit()
    for number, formula in enumerate(formulas):
        world.hear(salon, formula, number=f"+1212555019{number}")
    for panel in FINDS:
        dangerous = [
            cell
            for row in exported(admin, panel)
            for cell in row.values()
            if cell.startswith(("=", "+c", "-1+", "@"))
        ]
        assert dangerous == [], panel
    assert {row["Name"] for row in exported(admin, "services")} >= {f"'{f}" for f in formulas}
    assert {row["Caller"] for row in exported(admin, "calls")} == {salon.customer_number}


def test_an_export_of_many_rows_is_whole(salon: Business, garage: Business, admin: Browser) -> None:
    with tenant_scope(salon.id):
        db.session.add_all([Service(name=f"Cut {n:03}", duration_minutes=30) for n in range(120)])
        db.session.commit()
    assert len(exported(admin, "services")) == 121
    assert admin.get("/admin/services/?page=2").text.count("Cut 1") > 0


def test_lists_speak_words_and_the_zone_of_the_business(
    salon: Business, garage: Business, admin: Browser
) -> None:
    world.say(salon, "On its way", status=MessageStatus.FAILED)
    text = cells(admin.get("/admin/messages/").text)
    assert "Failed" in text and "To customer" in text and "Nov 18, 2026, 12:00 PM" in text
    table = re.findall(r"<td.*?</td>", admin.get("/admin/messages/?search=way").text, re.S)
    assert table and "outbound" not in cells("".join(table))
    assert "Nov 19, 2026, 12:00 PM" in cells(admin.get("/admin/appointments/?when=all").text)
    calls = cells(admin.get("/admin/calls/?search=(212) 555-0142").text)
    assert "(212) 555-0142" in calls and salon.customer_number not in calls
    # The same instant in the stranger's local time, in Berlin.
    assert "Nov 18, 2026, 6:00 PM" in cells(Browser(garage.admin).get("/admin/messages/").text)


def test_a_filter_of_times_means_the_local_time_of_the_business(
    salon: Business, garage: Business, admin: Browser
) -> None:
    def between(start: str, end: str) -> int:
        return len(exported(admin, "messages", flt0_when_between=f"{start} to {end}"))

    assert datetime(2026, 11, 18, 17, 0, tzinfo=UTC) == NOON
    assert between("2026-11-18 11:59:00", "2026-11-18 12:01:00") == 1
    assert between("2026-11-18 16:59:00", "2026-11-18 17:01:00") == 0


def test_what_a_filter_cannot_be_is_said(salon: Business, garage: Business, admin: Browser) -> None:
    page = admin.get("/admin/messages/?flt0_state_equals=bogus")
    assert "The filter “State” was left out: it does not know “bogus”." in cells(page.text)


def test_a_page_sorted_by_any_column_has_every_row(
    salon: Business, garage: Business, admin: Browser
) -> None:
    for panel in FINDS:
        count = len(exported(admin, panel))
        for column in range(0, 9, 2):
            for way in ("", "1"):
                assert len(exported(admin, panel, sort=str(column), desc=way)) == count


def test_messages_are_read_only(salon: Business, garage: Business, admin: Browser) -> None:
    [message] = rows(salon, Message)
    for method, path, data in (
        ("get", "new/", {}),
        ("post", "new/", {"body": "Never said"}),
        ("get", f"edit/?id={message.id}", {}),
        ("post", f"edit/?id={message.id}", {"body": "Never said"}),
        ("post", "delete/", {"id": message.id}),
        ("post", "action/", {"action": "delete", "rowid": message.id}),
        ("post", "ajax/update/", {"list_form_pk": message.id, "body": "Never said"}),
    ):
        path = f"/admin/messages/{path}"
        answer = admin.post(path, data=data) if method == "post" else admin.get(path)
        assert answer.status_code in (302, 404), path
    assert [row.body for row in rows(salon, Message)] == ["Hello from salon"]
    listing = admin.get("/admin/messages/").text
    assert "/admin/messages/edit/" not in listing and "/admin/messages/delete/" not in listing


def test_a_message_is_shown_with_why_it_failed(
    salon: Business, garage: Business, admin: Browser
) -> None:
    id_ = world.say(salon, "On its way", status=MessageStatus.FAILED)
    with tenant_scope(salon.id):
        db.session.execute(update(Message).where(Message.id == id_).values(error="No such line."))
        db.session.commit()
    details = cells(admin.get(f"/admin/messages/details/?id={id_}").text)
    assert "No such line." in details and "Ann Salon" in details


@pytest.mark.parametrize("name", ["endpoint", "self", "_scheme", "_external", "_method", "_anchor"])
def test_what_an_address_has_beside_its_own_is_left_out_of_links(
    salon: Business, admin: Browser, name: str
) -> None:
    answer = admin.get(f"/admin/calls/?{name}=javascript&search=ann")
    assert answer.status_code == 200
    assert "javascript:" not in answer.text
    [export] = re.findall(r'href="(/admin/calls/export/csv/[^"]*)"', answer.text)
    assert admin.get(unescape(export)).status_code == 200


def test_rows_are_what_the_fixtures_say(salon: Business, garage: Business) -> None:
    """The premise of the exports: one row of ours in each, and one of the stranger's."""
    for business in (salon, garage):
        for kind in (Customer, Appointment, Call, Message):
            assert len(rows(business, kind)) == 1


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_the_customers_number_of_a_message_can_be_called_and_ours_not(
    salon: Business, garage: Business, admin: Browser, direction: str
) -> None:
    world.say(salon, "See you")
    [message, *_] = [row for row in rows(salon, Message) if row.direction == direction]
    page = admin.get(f"/admin/messages/details/?id={message.id}").text
    called = message.sender if direction == "inbound" else message.recipient
    assert f'<a href="tel:{called}">' in page
    assert page.count('href="tel:') == 1
