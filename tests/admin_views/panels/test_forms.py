"""What the panels' forms take, refuse and store."""

from datetime import UTC, datetime

import pytest

from admin_views.panels import appointments
from app.extensions import db
from app.inbox.statistics import statistics
from app.models import (
    Appointment,
    Call,
    ContactPoint,
    Conversation,
    Customer,
    Media,
    Message,
    Service,
    Tenant,
)
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows, told
from tests.support import world
from tests.support.browser import Browser
from tests.support.world import CONTENT, NOON, Business

APPOINTMENT = {"duration_minutes": "30", "status": "scheduled"}


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2026-01-15 09:30", datetime(2026, 1, 15, 14, 30, tzinfo=UTC)),
        ("2026-07-15 09:30", datetime(2026, 7, 15, 13, 30, tzinfo=UTC)),
        ("2026-03-08 01:59", datetime(2026, 3, 8, 6, 59, tzinfo=UTC)),
        # There is no 2:30 on that night: an hour later is meant.
        ("2026-03-08 02:30", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        ("2026-03-08 03:00", datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        # 1:30 comes twice: the first is meant.
        ("2026-11-01 01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("2026-11-01 02:00", datetime(2026, 11, 1, 7, 0, tzinfo=UTC)),
        ("2026-12-31 23:30", datetime(2027, 1, 1, 4, 30, tzinfo=UTC)),
    ],
)
def test_a_wall_time_becomes_the_right_instant(
    wall: str,
    instant: datetime,
    salon: Business,
    garage: Business,
    admin: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # None of them is in the past, which would be questioned.
    monkeypatch.setattr(appointments, "now", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    form = APPOINTMENT | {"customer": salon.customer_id, "starts_at": wall}
    saved = admin.post("/admin/appointments/new/", data=form)
    assert saved.status_code == 302, told(saved)
    assert rows(salon, Appointment)[-1].starts_at == instant


def test_a_form_that_is_saved_unchanged_changes_no_time(
    salon: Business, garage: Business, admin: Browser
) -> None:
    [before] = rows(salon, Appointment)
    path = f"/admin/appointments/edit/?id={before.id}"
    page = admin.get(path).text
    assert 'value="2026-11-19 12:00"' in page
    form = APPOINTMENT | {"customer": salon.customer_id, "starts_at": "2026-11-19 12:00"}
    assert admin.post(path, data=form).status_code == 302
    assert [row.starts_at for row in rows(salon, Appointment)] == [before.starts_at]


@pytest.mark.parametrize(
    "wall", ["", "tomorrow", "2026-02-30 10:00", "0001-01-01 00:00", "9999-12-31 23:59", "\x00"]
)
def test_what_is_no_time_is_answered_on_its_field(
    wall: str, salon: Business, garage: Business, admin: Browser
) -> None:
    form = APPOINTMENT | {"customer": salon.customer_id, "starts_at": wall}
    answer = admin.post("/admin/appointments/new/", data=form)
    assert answer.status_code == 200
    assert told(answer)
    assert len(rows(salon, Appointment)) == 1


def test_a_duplicate_is_told_in_plain_words(
    salon: Business, garage: Business, admin: Browser
) -> None:
    for path, form in (
        ("services", {"name": "Cut", "duration_minutes": "30"}),
        ("staff-members", {"name": "Sofia"}),
        (
            "whatsapp-templates",
            {"name": "Other", "language": "en", "content_sid": CONTENT, "body": "Again"},
        ),
    ):
        answer = admin.post(f"/admin/{path}/new/", data=form)
        assert answer.status_code == 200, path
        assert "there is one like this already" in told(answer), path
        assert "INSERT" not in answer.text and "psycopg" not in answer.text, path
    with tenant_scope(salon.id):
        db.session.add(Service(name="Dye", duration_minutes=60))
        db.session.commit()
    renamed = admin.post(
        f"/admin/services/edit/?id={rows(salon, Service)[-1].id}",
        data={"name": "Cut", "duration_minutes": "60"},
    )
    assert "there is one like this already" in told(renamed)
    assert [service.name for service in rows(salon, Service)] == ["Cut", "Dye"]


def test_a_name_that_only_the_stranger_uses_is_free(
    salon: Business, garage: Business, admin: Browser
) -> None:
    with tenant_scope(garage.id):
        db.session.add(Service(name="Oil change", duration_minutes=60))
        db.session.commit()
    form = {"name": "Oil change", "duration_minutes": "30"}
    assert admin.post("/admin/services/new/", data=form).status_code == 302


def test_values_that_the_database_refuses_are_told_without_the_row(
    salon: Business, garage: Business, admin: Browser
) -> None:
    call = {"caller": salon.customer_number, "outcome": "missed", "started_at": "2026-11-18 10:00"}
    for path, form in (
        ("calls", call | {"duration_seconds": str(2**40)}),
        ("calls", call | {"duration_seconds": "9" * 30}),
        ("calls", call | {"outcome": "forged"}),
        ("services", {"name": "Long", "duration_minutes": "1441"}),
        ("services", {"name": "Long", "duration_minutes": "0"}),
        ("services", {"name": "Long", "duration_minutes": "ten"}),
        ("services", {"name": "L" * 201, "duration_minutes": "30"}),
        ("services", {"name": " \x00 ", "duration_minutes": "30"}),
    ):
        answer = admin.post(f"/admin/{path}/new/", data=form)
        assert answer.status_code == 200, form
        assert told(answer), form
        assert "SQL" not in answer.text and "psycopg" not in answer.text, form
    assert len(rows(salon, Call)) == 1
    assert [service.name for service in rows(salon, Service)] == ["Cut"]


def test_texts_are_cleaned_of_what_no_column_stores(
    salon: Business, garage: Business, admin: Browser
) -> None:
    form = {"name": "  Cut\x00 & dye ", "duration_minutes": "30"}
    assert admin.post("/admin/services/new/", data=form).status_code == 302
    assert rows(salon, Service)[-1].name == "Cut & dye"


def point(number: int, channel: str, address: str, id_: int | str = "") -> dict[str, str]:
    prefix = f"contact_points-{number}"
    return {f"{prefix}-id": str(id_), f"{prefix}-channel": channel, f"{prefix}-address": address}


@pytest.mark.parametrize(
    ("channel", "typed", "stored"),
    [
        ("sms", "(212) 555-0187", "+12125550187"),
        ("sms", "+49 30 901820", "+4930901820"),
        ("whatsapp", "212.555.0187", "+12125550187"),
        ("email", "Ann.B@Example.TEST", "ann.b@example.test"),
    ],
)
def test_an_address_is_stored_in_one_form(
    channel: str, typed: str, stored: str, salon: Business, garage: Business, staff: Browser
) -> None:
    form = {"first_name": "Bo"} | point(0, channel, typed)
    saved = staff.post("/admin/customers/new/", data=form)
    assert saved.status_code == 302, told(saved)
    last = rows(salon, ContactPoint)[-1]
    assert (last.channel, last.address) == (channel, stored)
    assert last.tenant_id == salon.id


@pytest.mark.parametrize(
    ("channel", "typed", "says"),
    [
        ("sms", "call me", "“call me” is not a telephone number"),
        ("sms", "555", "“555” is not a complete telephone number"),
        ("sms", "", "This field is required"),
        ("email", "ann at home", "is not an email address"),
        ("forged", "+12125550187", "Not a valid choice"),
    ],
)
def test_a_bad_address_is_answered_on_its_field(
    channel: str, typed: str, says: str, salon: Business, garage: Business, staff: Browser
) -> None:
    answer = staff.post(
        "/admin/customers/new/", data={"first_name": "Bo"} | point(0, channel, typed)
    )
    assert answer.status_code == 200
    assert says in answer.text
    assert len(rows(salon, Customer)) == 1


def test_an_address_that_somebody_else_has_is_told_in_plain_words(
    salon: Business, garage: Business, staff: Browser
) -> None:
    form = {"first_name": "Bo"} | point(0, "sms", salon.customer_number)
    answer = staff.post("/admin/customers/new/", data=form)
    assert "there is one like this already" in told(answer)
    # The stranger's customers may have the same number: they are other people to us.
    form = {"first_name": "Bo"} | point(0, "sms", garage.customer_number)
    assert staff.post("/admin/customers/new/", data=form).status_code == 302


@pytest.mark.parametrize("channel", ["whatsapp", "email"])
def test_a_number_that_somebody_has_on_another_channel_is_theirs(
    salon: Business, garage: Business, staff: Browser, channel: str
) -> None:
    """Else one telephone would be two customers, each with half of what is said."""
    typed = salon.customer_number if channel == "whatsapp" else "Ann@salon.test"
    answer = staff.post(
        "/admin/customers/new/", data={"first_name": "Bo"} | point(0, channel, typed)
    )
    assert answer.status_code == 200
    assert len(rows(salon, Customer)) == 1


@pytest.mark.parametrize(
    ("typed", "code"), [("Spanish", "es"), ("Español", "es"), ("spa", "es"), ("klingon", None)]
)
def test_the_language_of_a_customer_is_one_that_people_speak(
    salon: Business, garage: Business, staff: Browser, typed: str, code: str | None
) -> None:
    form = {"first_name": "Bo", "language": typed} | point(0, "sms", "212 555 0187")
    answer = staff.post("/admin/customers/new/", data=form)
    assert answer.status_code == (302 if code else 200)
    assert code or "Language “klingon” is none: give one such as en or Spanish." in answer.text
    assert [each.language for each in rows(salon, Customer)[1:]] == ([code] if code else [])


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0171 1234567 Handy", "+491711234567"),
        ("1711234567.0", "+491711234567"),
        ("\u202a+49 171 1234567\u202c", "+491711234567"),
        ("555-0142", None),
        ("000-000-0000", None),
        ("491711234567", None),
    ],
)
@pytest.mark.parametrize("where", ["/messages/new", "/admin/customers/new/", "/admin/calls/new/"])
def test_a_number_that_nobody_typed_is_stored_by_no_form(
    salon: Business, garage: Business, staff: Browser, where: str, typed: str, stored: str | None
) -> None:
    db.session.get_one(Tenant, salon.id).country = "DE"
    db.session.commit()
    forms = {
        "/messages/new": {"name": "Bo", "phone": typed},
        "/admin/customers/new/": {"first_name": "Bo"} | point(0, "whatsapp", typed),
        "/admin/calls/new/": {
            "caller": typed,
            "outcome": "missed",
            "started_at": "2026-11-18 12:00",
            "duration_seconds": "0",
        },
    }
    before = {each.address for each in rows(salon, ContactPoint)}
    answer = Browser(salon.admin).post(where, data=forms[where])
    assert answer.status_code == (302 if stored else answer.status_code), told(answer)
    after = {each.address for each in rows(salon, ContactPoint)}
    assert after - before == ({stored} if stored else set())


def test_another_form_of_somebody_elses_number_is_theirs_too(
    salon: Business, garage: Business, staff: Browser
) -> None:
    """Brazilian mobiles come with and without a 9 (app/lib/telephone/phone.py)."""
    form = {"first_name": "Bia"} | point(0, "sms", "+55 11 98765-4321")
    assert staff.post("/admin/customers/new/", data=form).status_code == 302
    known = rows(salon, ContactPoint)[-1]
    for typed, status in (("+55 11 8765-4321", 200), ("+55 11 3765-4321", 302)):
        form = {"first_name": "Rui"} | point(0, "sms", typed)
        answer = staff.post("/admin/customers/new/", data=form)
        assert answer.status_code == status
        assert ("another customer" in told(answer)) == (status == 200)
    # Both may be the same person's own.
    form = {"first_name": "Bia"} | point(0, "sms", known.address, known.id)
    form |= point(1, "sms", "+55 11 8765-4321")
    saved = staff.post(f"/admin/customers/edit/?id={known.customer_id}", data=form)
    assert saved.status_code == 302, told(saved)


def test_addresses_are_changed_added_and_taken_away_with_the_customer(
    salon: Business, garage: Business, staff: Browser
) -> None:
    number, mail = rows(salon, ContactPoint)
    form = {"first_name": "Ann"}
    form |= point(0, "sms", "212 555 0187", number.id)
    form |= point(1, "email", mail.address, mail.id) | {"del-contact_points-1": "on"}
    form |= point(2, "whatsapp", "212 555 0187")
    saved = staff.post(f"/admin/customers/edit/?id={salon.customer_id}", data=form)
    assert saved.status_code == 302, told(saved)
    now = [(row.channel, row.address) for row in rows(salon, ContactPoint)]
    assert now == [("sms", "+12125550187"), ("whatsapp", "+12125550187")]


def test_a_customer_with_a_whatsapp_user_id_can_be_edited(
    salon: Business, garage: Business, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        odd = ContactPoint(
            customer_id=salon.customer_id, channel="whatsapp", address="US.13491208655302741918"
        )
        db.session.add(odd)
        db.session.commit()
    number, mail, odd = rows(salon, ContactPoint)
    form = {"first_name": "Anna"}
    for index, kept in enumerate((number, mail, odd)):
        form |= point(index, kept.channel, kept.address, kept.id)
    saved = staff.post(f"/admin/customers/edit/?id={salon.customer_id}", data=form)
    assert saved.status_code == 302, told(saved)
    assert rows(salon, Customer)[0].first_name == "Anna"
    changed = form | point(2, "whatsapp", "US.1", odd.id)
    answer = staff.post(f"/admin/customers/edit/?id={salon.customer_id}", data=changed)
    assert "not a telephone number" in answer.text


def test_deleting_a_customer_takes_all_that_was_said_and_keeps_the_counters_right(
    salon: Business, garage: Business, admin: Browser
) -> None:
    world.say(salon, "Hello Ann")
    world.hear(salon, "I am Bo", number="+12125550188")
    world.hear(salon, "Me again", number="+12125550188", channel="whatsapp")
    assert counted(salon) == (4, 4, {"sms": 3, "whatsapp": 1, "email": 0})
    strangers = counted(garage)
    deleted = admin.post("/admin/customers/delete/", data={"id": salon.customer_id})
    assert deleted.status_code == 302
    assert counted(salon) == (2, 2, {"sms": 1, "whatsapp": 1, "email": 0})
    assert counted(garage) == strangers
    assert rows(salon, Media) == [] and rows(salon, Appointment) == []
    assert len(rows(salon, Conversation)) == len(rows(salon, Customer)) == 1
    assert [call.customer_id for call in rows(salon, Call)] == [None]
    bo = rows(salon, Customer)[0].id
    admin.post("/admin/customers/action/", data={"action": "delete", "rowid": [bo]})
    assert counted(salon) == (0, 0, {"sms": 0, "whatsapp": 0, "email": 0})
    assert rows(salon, Message) == []


def test_staff_are_offered_no_deletion_or_export_of_customers(
    salon: Business, staff: Browser, admin: Browser
) -> None:
    for path in ("/admin/customers/", f"/admin/customers/details/?id={salon.customer_id}"):
        for offer in ("/admin/customers/delete/", "/admin/customers/export/", "action-checkbox"):
            page = staff.get(path)
            assert page.status_code == 200
            assert offer not in page.text
            assert offer in admin.get(path).text or "details" in path
    before = [row.id for row in rows(salon, Customer)]
    id_ = str(salon.customer_id)
    for path, form in (
        ("delete/", {"id": id_}),
        ("action/", {"action": "delete", "rowid": id_}),
    ):
        assert staff.post(f"/admin/customers/{path}", data=form).status_code == 403
    assert staff.get("/admin/customers/export/csv/").status_code == 403
    assert [row.id for row in rows(salon, Customer)] == before


def counted(business: Business) -> tuple[int, int, dict[str, int]]:
    db.session.rollback()
    with tenant_scope(business.id):
        counts = statistics(NOON.date())
    shown = {key: counts.by_channel[key] for key in ("sms", "whatsapp", "email")}
    return counts.total, counts.today, shown


def test_a_call_entered_by_hand_is_missed_since_it_rang(
    salon: Business, garage: Business, admin: Browser
) -> None:
    form = {"caller": "(212) 555-0188", "outcome": "missed", "started_at": "2026-11-18 10:00"}
    assert admin.post("/admin/calls/new/", data=form).status_code == 302
    entered = rows(salon, Call)[-1]
    assert (entered.missed_at, entered.reachable) == (entered.started_at, True)
    # Whoever can be texted is a customer, and the same one the next time.
    assert entered.customer_id == rows(salon, Customer)[-1].id != salon.customer_id
    admin.post("/admin/calls/new/", data=form)
    known, entered = entered.customer_id, rows(salon, Call)[-1]
    assert entered.customer_id == known
    path = f"/admin/calls/edit/?id={entered.id}"
    own = form | {"caller": salon.number, "outcome": "answered"}
    assert admin.post(path, data=own).status_code == 302
    db.session.rollback()
    entered = rows(salon, Call)[-1]
    assert (entered.missed_at, entered.reachable) == (None, False)
    assert [call.reachable for call in rows(garage, Call)] == [True]


def test_a_service_that_is_deleted_leaves_its_appointments(
    salon: Business, garage: Business, admin: Browser
) -> None:
    [service] = rows(salon, Service)
    admin.post("/admin/services/delete/", data={"id": service.id})
    [appointment] = rows(salon, Appointment)
    assert appointment.service_id is None
    assert len(rows(garage, Service)) == 1


def test_without_a_token_of_the_page_nothing_is_taken(
    salon: Business, garage: Business, admin: Browser
) -> None:
    for path, form in (
        ("services/new/", {"name": "Dye", "duration_minutes": "30"}),
        ("services/delete/", {"id": rows(salon, Service)[0].id}),
        ("services/action/", {"action": "delete", "rowid": rows(salon, Service)[0].id}),
        ("business/", {"name": "Mine"}),
    ):
        assert admin.client.post(f"/admin/{path}", data=form).status_code == 400, path
    assert [service.name for service in rows(salon, Service)] == ["Cut"]
