"""An admin says what a member of staff may do; it holds at once."""

import pytest
import requests

from app import live
from app.inbox.team import staff_rights
from app.inbox.team.staff_rights import Right
from app.models import AuditEntry, Customer, Sees, User
from tests.admin_views.reading import cells, rows
from tests.support.browser import Browser
from tests.support.granted import assign, let
from tests.support.stack import until
from tests.support.streams import Streams, opened
from tests.support.world import Business, hear

CSV = ("/admin/customers/export/csv/", "/admin/calls/export/csv/")


def person(of: Business, email: str) -> User:
    return next(each for each in rows(of, User) if each.email == email)


def page_of(of: Business, email: str) -> str:
    return f"/admin/team/rights/{person(of, email).id}"


def test_a_right_holds_in_a_session_from_before_until_it_is_taken_away(
    salon: Business, garage: Business, admin: Browser, staff: Browser
) -> None:
    stranger = Browser(garage.staff)
    page = page_of(salon, salon.staff)
    assert [staff.get(path).status_code for path in CSV] == [403, 403]
    assert "export/csv" not in staff.get("/admin/customers/").text
    saved = admin.post(page, data={"sees": "all", "may_export": "y"})
    assert saved.location == "/admin/team/"
    assert "ann@salon.test" in staff.get(CSV[0]).text and staff.get(CSV[1]).status_code == 200
    assert "export/csv" in staff.get("/admin/customers/").text
    assert "may export" in cells(admin.get("/admin/team/").text)
    assert stranger.get(CSV[0]).status_code == 403
    admin.post(page, data={"sees": "all"})
    assert [staff.get(path).status_code for path in CSV] == [403, 403]


def test_whoever_may_delete_deletes_customers_whose_conversation_they_see(
    salon: Business, staff: Browser
) -> None:
    one = {"id": salon.customer_id}
    assert staff.post("/admin/customers/delete/", data=one).status_code == 403
    let(salon.staff, may_delete=True, sees=Sees.OWN)
    assign(salon.id, salon.customer_id, salon.admin)
    many = {"action": "delete", "rowid": [salon.customer_id]}
    assert staff.post("/admin/customers/delete/", data=one).status_code == 403
    assert staff.post("/admin/customers/action/", data=many).status_code == 403
    assert len(rows(salon, Customer)) == 1
    assign(salon.id, salon.customer_id, salon.staff)
    assert staff.post("/admin/customers/action/", data=many).status_code == 302
    assert rows(salon, Customer) == []


def test_the_log_tells_who_changed_whose_rights(
    salon: Business, garage: Business, admin: Browser
) -> None:
    page = page_of(salon, salon.staff)
    admin.post(page, data={"sees": "own", "may_delete": "y"})
    admin.post(page, data={"sees": "own", "may_delete": "y"})
    [entry] = [each for each in rows(salon, AuditEntry) if each.row_name == salon.staff]
    assert (entry.actor_name, entry.action) == ("Admin", "changed")
    assert entry.changes == {"sees": ["all", "own"], "may_delete": [False, True]}
    log = cells(admin.get("/admin/audit-log/").text)
    assert "Sees All conversations Only their own" in log and "May delete No Yes" in log
    assert rows(garage, AuditEntry) == []


@pytest.mark.parametrize(
    ("sees", "whose", "named"),
    [
        (Sees.ALL, "admin", True),
        (Sees.OWN_AND_UNASSIGNED, "admin", False),
        (Sees.OWN_AND_UNASSIGNED, None, True),
        (Sees.OWN, None, False),
        (Sees.OWN, "staff", True),
    ],
)
def test_a_note_offers_to_name_whoever_would_see_it(
    salon: Business, admin: Browser, sees: Sees, whose: str | None, named: bool
) -> None:
    hear(salon, "Hello")
    let(salon.staff, sees=sees)
    assign(salon.id, salon.customer_id, getattr(salon, whose) if whose else None)
    page = admin.get(f"/messages/{salon.customer_id}").text
    offered = page[page.index('id="mentions"') :]
    assert ('data-handle="Staff"' in offered.partition("</ul>")[0]) is named


def test_rights_are_of_staff_and_of_ones_own_business(
    salon: Business, garage: Business, admin: Browser, staff: Browser, operator: Browser
) -> None:
    own, foreign = page_of(salon, salon.staff), page_of(garage, garage.staff)
    for path in (own, foreign):
        assert staff.get(path).status_code == 403
        assert staff.post(path, data={"sees": "all"}).status_code == 403
    assert admin.get(foreign).status_code == 404
    assert admin.post(foreign, data={"sees": "own"}).status_code == 404
    theirs = page_of(salon, salon.admin)
    assert admin.post(theirs, data={"sees": "own"}).location == "/admin/team/"
    operator.post(f"/admin/tenants/enter/{salon.id}")
    assert operator.post(own, data={"sees": "own"}).status_code == 403
    changed = [each for of in (salon, garage) for each in rows(of, User) if each.sees != Sees.ALL]
    assert changed == []


def test_a_form_that_does_not_say_which_opens_nothing(salon: Business, admin: Browser) -> None:
    admin.post(page_of(salon, salon.staff), data={"sees": "everything"})
    assert person(salon, salon.staff).sees == Sees.OWN


def test_where_conversations_cannot_be_hidden_nobody_is_told_that_they_are(
    salon: Business, admin: Browser, app: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["row_security"], "narrows", False)  # type: ignore[attr-defined]
    page = page_of(salon, salon.staff)
    assert "cannot keep conversations apart" in admin.get(page).text
    assert admin.post(page, data={"sees": "own"}).status_code == 422
    assert person(salon, salon.staff).sees == Sees.ALL
    assert admin.post(page, data={"sees": "all", "may_export": "y"}).status_code == 302


def test_an_admin_who_becomes_staff_has_what_was_said_of_them_as_staff(
    salon: Business,
) -> None:
    let(salon.admin, sees=Sees.OWN)
    admin = person(salon, salon.admin)
    assert staff_rights.viewer_of(admin) is None and staff_rights.has(admin, Right.EXPORT)
    admin.role = "staff"
    assert staff_rights.viewer_of(admin) == (admin.id, False)
    assert not staff_rights.has(admin, Right.EXPORT)


def test_a_right_that_is_taken_away_ends_open_streams_and_the_next_names_nobody(
    salon: Business, garage: Business, admin: Browser, staff: Browser, streams: Streams
) -> None:
    before = staff.get("/live/ticket").json
    assert before
    with opened(before["url"]) as events:
        assert next(events) == "*"
        live.publish(salon.id, salon.customer_id)
        assert next(events) == str(salon.customer_id), "they see all"
        admin.post(page_of(salon, salon.staff), data={"sees": "own"})
        assert list(events) == []
    assert requests.get(before["url"], timeout=5).status_code == 403, "nor by a ticket of before"
    fresh = staff.get("/live/ticket").json
    assert fresh
    until(lambda: streams.state() is not None)
    with opened(fresh["url"]) as events:
        assert next(events) == "*"
        live.publish(salon.id, salon.customer_id)
        live.publish(salon.id, f"{live.PRESENCE}{salon.customer_id}", live.NOTICES)
        assert [next(events), next(events)] == [live.NOTICES, "*"], "several are one look"
