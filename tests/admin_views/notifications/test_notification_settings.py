"""A business says when which messages go; what that changes is told before it is saved."""

from datetime import time, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from admin_views.notifications import settings_page
from app.extensions import db
from app.lib.time.clock import now
from app.models import Appointment, Notification, NotificationSetting, Tenant
from app.notifications.planning.plan import keep
from app.notifications.planning.replan import replan
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, filled, rows
from tests.support.browser import Browser
from tests.support.diary import states
from tests.support.world import Business

PAGE = "/settings/notifications"
JSON = {"Accept": "application/json"}
REMINDER = "types.appointment_reminder"


def put(admin: Browser, **values: Any) -> TestResponse:
    return admin.send("PUT", PAGE, json=values, headers=JSON)


def reminder(**values: Any) -> dict[str, Any]:
    return {"appointment_reminder": values}


def tenant(owner: Business) -> Tenant:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Tenant, owner.id)


def ahead(owner: Business, lead: timedelta, booked: timedelta = timedelta(days=30)) -> int:
    """An appointment so long from now, planned; by the real clock, as the page looks at it."""
    start = now() + lead
    with tenant_scope(owner.id):
        customer = {"customer_id": owner.customer_id}
        row = Appointment(starts_at=start, booked_at=now() - booked, **customer)
        db.session.add(row)
        keep(row, now(), announce=False)
        db.session.commit()
        return row.id


def ticked(page: TestResponse) -> dict[str, str]:
    """The settings' own form, of the several on the page."""
    names = ("types.", "quiet_", "reply_")
    return {name: value for name, value in filled(page).items() if name.startswith(names)}


def planned(owner: Business) -> list[Any]:
    return [(row.id, row.due_at, row.status) for row in rows(owner, Notification)]


def stored(owner: Business) -> list[Any]:
    return [
        (row.type, row.enabled, row.channel, row.falls_back, row.options)
        for row in rows(owner, NotificationSetting)
    ]


def test_settings_are_read_and_changed_in_part_as_json_and_appointments_follow(
    salon: Business, garage: Business, admin: Browser
) -> None:
    booked, theirs = ahead(salon, timedelta(days=9)), stored(garage)
    before = admin.get(PAGE, headers=JSON).json
    assert before and before["quiet_from"] == "21:00" and before["paused_at"] is None
    types = reminder(options={"hours": [2, "48", 2]}, channel="whatsapp")
    after = put(admin, types=types, quiet_from=None, quiet_until=None)
    assert after.status_code == 200, after.text
    expected = before | {"quiet_from": None, "quiet_until": None}
    expected["types"]["appointment_reminder"] |= {
        "channel": "whatsapp",
        "options": {"hours": [48, 2]},
    }
    assert after.json == expected == admin.get(PAGE, headers=JSON).json
    assert stored(garage) == theirs
    assert tenant(garage).quiet_from == time(21)
    replan(now())
    assert {line[:3] for line in states(salon, booked) if "planned" in line} == {"48h", "2h "}
    # What was read may be sent back whole, and JSON is answered with JSON.
    again = admin.send("PUT", PAGE, json=after.json, headers={"Accept": "*/*"})
    assert again.json == after.json
    # What changes nothing has nothing planned anew.
    assert put(admin, types=types).json == after.json
    assert replan(now()) == 0
    # The same again, as the form that a browser has.
    form = ticked(admin.get(PAGE)) | {
        f"{REMINDER}.options.hours": "24; 3",
        f"{REMINDER}.enabled": "off",
        "quiet_from": "22:30",
        "quiet_until": "7:00",
    }
    assert admin.send("PUT", PAGE, data=form).status_code == 303
    page = ticked(admin.get(PAGE))
    assert page[f"{REMINDER}.options.hours"] == "24, 3"
    assert page[f"{REMINDER}.enabled"] == "off"
    assert (page["quiet_from"], page["quiet_until"]) == ("22:30", "07:00")
    assert put(admin, reply_cancels=True).json["reply_cancels"] is True  # type: ignore[index]


WRONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"types": reminder(options={"hours": hours})}, {f"{REMINDER}.options.hours": "Give one to 5"})
    for hours in ([], "", [0], [337], ["x"], "24, two", [True], [1, 2, 3, 4, 5, 6], {"a": 1}, None)
]
WRONG += [
    (
        {"types": reminder(enabled="perhaps", channel="pigeon", falls_back=None)},
        {
            f"{REMINDER}.enabled": "Give true or false.",
            f"{REMINDER}.channel": "Give one of sms, whatsapp, email",
            f"{REMINDER}.falls_back": "Give true or false.",
        },
    ),
    (
        {"types": {"review_request": {"options": {"link": "javascript:alert(1)", "days": 0.5}}}},
        {
            "types.review_request.options.link": "Give an address that begins with https://",
            "types.review_request.options.days": "Give a whole number from 1 to 730.",
        },
    ),
    ({"types": {"pigeon": {}}, "x": 1}, {"types.pigeon": "There is no", "x": "There is no"}),
    (
        {"types": {"missed_call": {"options": {"x": 1}, "y": 2}}},
        {
            "types.missed_call.options.x": "There is no",
            "types.missed_call.y": "There is no",
        },
    ),
    ({"types": []}, {"types": "Give an object."}),
    ({"types": {"missed_call": 7}}, {"types.missed_call": "Give an object."}),
    ({"types": {"missed_call": {"options": 7}}}, {"types.missed_call.options": "Give an object."}),
    (
        {"quiet_from": "25:00", "quiet_until": 8},
        {
            "quiet_from": "Give a time of day",
            "quiet_until": "Give a time of day",
        },
    ),
    ({"quiet_from": None}, {"quiet_until": "Give both times"}),
    ({"quiet_from": "08:00"}, {"quiet_until": "Give another time"}),
]


def test_what_is_wrong_is_told_by_field_and_nothing_is_saved_half(
    salon: Business, garage: Business, admin: Browser
) -> None:
    before = stored(salon)
    for values, errors in WRONG:
        values = {"reply_cancels": True} | values
        for answer in (put(admin, **values), admin.post(f"{PAGE}/effect", json=values)):
            assert answer.status_code == 422, (values, answer.text)
            found = answer.json["errors"] if answer.is_json else {}
            assert not answer.is_json or found.keys() == errors.keys(), values
            assert all(found[field].startswith(said) for field, said in errors.items() if found)
    assert stored(salon) == before
    assert not tenant(salon).reply_cancels
    form = ticked(admin.get(PAGE)) | {f"{REMINDER}.options.hours": "soon", "quiet_until": ""}
    page = admin.post(PAGE, data=form)
    assert page.status_code == 422
    assert ticked(page)[f"{REMINDER}.options.hours"] == "soon"
    assert "such as 24, 2." in cells(page.text) and "Give both times" in cells(page.text)
    assert stored(salon) == before


def test_the_page_tells_what_saving_would_change_and_writes_nothing(
    salon: Business, garage: Business, admin: Browser
) -> None:
    for owner in (salon, garage):
        ahead(owner, timedelta(days=5))
    before = planned(salon)
    form = ticked(admin.get(PAGE)) | {f"{REMINDER}.options.hours": "24, 2"}
    page = cells(admin.post(f"{PAGE}/effect", data=form).text)
    assert "Saving changes 1 message to come." in page
    assert "1 new" in page and "Ann Salon: appointment reminder," in page
    assert "Garage" not in page
    program = admin.post(f"{PAGE}/effect", json={}, headers=JSON).json
    assert program and (program["appointments"], program["new"]["count"]) == (1, 0)
    assert planned(salon) == before


def test_how_often_a_business_may_ask_is_bounded_and_no_others_affair(
    salon: Business, garage: Business, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_page, "LOOKS", "2 per minute")
    asked = [admin.post(f"{PAGE}/effect", json={}, headers=JSON).status_code for _ in range(3)]
    assert asked == [200, 200, 429]
    other = Browser(garage.admin)
    assert other.post(f"{PAGE}/effect", json={}, headers=JSON).status_code == 200


def test_all_messages_are_paused_by_one_button_and_every_page_says_so(
    salon: Business, garage: Business, admin: Browser, staff: Browser
) -> None:
    assert admin.post(f"{PAGE}/pause").status_code == 302
    since = tenant(salon).paused_at
    assert (
        since
        and admin.post(f"{PAGE}/pause", headers=JSON).json == admin.get(PAGE, headers=JSON).json
    )
    assert tenant(salon).paused_at == since, "paused already"
    assert tenant(garage).paused_at is None
    for person, path, way_out in (
        (admin, "/admin/", True),
        (admin, PAGE, True),
        (admin, "/tomorrow", True),
        (admin, "/admin/appointments/new/", True),
        (staff, "/tomorrow", False),
        (staff, "/calendar", False),
        (staff, "/calendar/new", False),
        (staff, "/messages", False),
        (staff, f"/messages/{salon.customer_id}", False),
        (staff, f"/customers/{salon.customer_id}", False),
        (staff, "/admin/customers/", False),
    ):
        page = person.get(path).text
        assert cells(page).count("All automatic messages are paused") == 1, path
        assert ("Let them go on" in page) is way_out, path
    assert "are paused" not in cells(Browser(garage.staff).get("/calendar").text)
    assert admin.post(f"{PAGE}/resume").status_code == 302
    assert tenant(salon).paused_at is None
    assert "are paused" not in cells(admin.get("/tomorrow").text)


def test_when_and_what_are_two_tabs_and_an_error_opens_its_own(
    salon: Business, garage: Business, admin: Browser
) -> None:
    when, what = admin.get(PAGE).text, admin.get(f"{PAGE}?tab=texts").text
    assert "Quiet from" in when and "What customers are answered" not in when
    assert "Quiet from" not in what and "What customers are answered" in what
    form = ticked(admin.get(PAGE)) | {f"{REMINDER}.options.hours": "soon"}
    wrong = admin.post(f"{PAGE}?tab=texts", data=form).text
    above, _, below = wrong.partition('class="rules"')
    assert f'<a href="#{REMINDER}.options.hours">Appointment reminder, Hours before</a>' in above
    assert f'id="{REMINDER}.options.hours"' in below
