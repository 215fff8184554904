"""What the panels export is taken again unchanged, by the command and by the page."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.customers.reached_through import add_to_family
from app.extensions import Model, db
from app.models import (
    Appointment,
    ContactPoint,
    Customer,
    Service,
    StaffMember,
    Tenant,
)
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.cli.test_commands import run
from tests.imports.uploads import counts, imported
from tests.support.browser import Browser
from tests.support.world import Business

PLACES = [("America/New_York", "US", "en_US"), ("Europe/Berlin", "DE", "es_ES")]
# First and last name, language, preferred channel, external_id, addresses by channel.
PEOPLE: list[tuple[str, str, str, str | None, str | None, list[tuple[str, str]]]] = [
    ("José", "O’Brien", "es-MX", "whatsapp", "c1", [("sms", "+491711234567")]),
    (
        "=Sum",
        "-Dash, =Kay",
        "de",
        "sms",
        None,
        [("sms", "+12125550177"), ("whatsapp", "+4930901820")],
    ),
    ("'=Quoted", "Kay\u0085Ann", "en", "email", None, [("email", "=odd@mail.test")]),
    ("Only", "Number", "", None, "007", []),
    ("No", "Way", "", None, None, []),
    ("", "", "", None, None, []),
    ("", "", "", None, None, [("sms", "32665")]),
    ("Wanda", "", "", None, None, [("whatsapp", "US.13491208655302741918")]),
    (
        "Many",
        "Addresses",
        "",
        None,
        None,
        [("email", f"{'x' * 60}{n}@mail.test") for n in range(9)],
    ),
]
# Each a time that is hard to write down, with a state and its minutes.
TIMES = [
    (datetime(2026, 11, 30, 19, 30, 59, tzinfo=UTC), "scheduled", 45),
    # 1:30 for the second time, in New York and in Berlin.
    (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "no_show", 60),
    (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "completed", 1440),
    (datetime(2026, 12, 24, 8, 0, tzinfo=UTC), "confirmed", 60),
    (datetime(2026, 12, 24, 8, 0, tzinfo=UTC), "cancelled", 15),
]


@pytest.fixture(params=PLACES, ids=lambda place: place[0])
def shop(request: pytest.FixtureRequest, salon: Business, garage: Business) -> Business:
    """The salon in a place, with people and times that are hard to write down."""
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.timezone, tenant.country, tenant.locale = request.param
    with tenant_scope(salon.id):
        db.session.add_all(
            [Service(name="cut"), Service(name="=Colour;+wash"), StaffMember(name="İpek Ünlü")]
        )
        people = [_person(*each) for each in PEOPLE]
        db.session.add_all(people)
        db.session.commit()
        # Reached through one with an address, and through one without.
        for name, through in (("Mia", people[1]), ("Tom", people[4])):
            db.session.add(Customer(first_name=name, reached_through_id=through.id))
        db.session.commit()
        services, [*_, ipek] = rows(salon, Service), rows(salon, StaffMember)
        for number, (starts_at, status, minutes) in enumerate(TIMES * len(people)):
            appointment = Appointment(
                customer_id=people[number // len(TIMES)].id,
                service_id=services[number % 3].id,
                staff_member_id=ipek.id if number % 2 else None,
                starts_at=starts_at,
                duration_minutes=minutes,
                status=status,
                external_id=f"a{number}" if number % 4 == 0 else None,
                attendee_name="=Guest, Kay" if number % 5 == 3 else "",
            )
            db.session.add(appointment)
        db.session.commit()
    return salon


def _person(
    first: str,
    last: str,
    language: str,
    preferred: str | None,
    external_id: str | None,
    reached: list[tuple[str, str]],
) -> Customer:
    return Customer(
        first_name=first,
        last_name=last,
        language=language or None,
        preferred_channel=preferred,
        external_id=external_id,
        contact_points=[ContactPoint(channel=channel, address=at) for channel, at in reached],
    )


def exported(admin: Browser, panel: str) -> bytes:
    content: bytes = admin.get(f"/admin/{panel}/export/csv/", buffered=True).data
    return content


def by_command(kind: str, content: bytes, folder: Path) -> str:
    path = folder / "export.csv"
    path.write_bytes(content)
    result = run("import", kind, "--tenant=salon", str(path))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("panel", ["customers", "appointments"])
def test_the_command_finds_nothing_new_in_an_export(
    shop: Business, admin: Browser, tmp_path: Path, panel: str
) -> None:
    content = exported(admin, panel)
    count = len(rows(shop, Customer if panel == "customers" else Appointment))
    assert count > len(PEOPLE)
    output = by_command(panel, content, tmp_path)
    assert f"0 created, 0 updated, {count} unchanged, 0 rejected" in output
    assert "New " not in output
    assert exported(admin, panel) == content


PANELS: dict[str, tuple[str, type[Model]]] = {
    "customers": ("customers", Customer),
    "appointments": ("appointments", Appointment),
    "services": ("services", Service),
    "staff-members": ("staff", StaffMember),
}


@pytest.mark.parametrize("panel", PANELS)
def test_the_page_finds_nothing_new_in_an_export(
    shop: Business, admin: Browser, panel: str
) -> None:
    kind, model = PANELS[panel]
    content = exported(admin, panel)
    done = imported(shop, kind, content)
    assert counts(done) == (0, 0, len(rows(shop, model)), 0), done.reasons
    assert exported(admin, panel) == content


def test_what_was_changed_in_the_file_is_what_is_updated(
    shop: Business, admin: Browser, tmp_path: Path
) -> None:
    customers = exported(admin, "customers").decode().replace('"No","Way"', '"Noah","Way"')
    assert ", 1 updated, " in by_command("customers", customers.encode(), tmp_path)
    assert "Noah" in [each.first_name for each in rows(shop, Customer)]
    moved = exported(admin, "appointments").decode().replace('"45"', '"50"', 1)
    assert ", 1 updated, " in by_command("appointments", moved.encode(), tmp_path)


def test_another_business_takes_an_export_as_new_people(
    shop: Business, garage: Business, admin: Browser, tmp_path: Path
) -> None:
    """Our own number means a row of ours alone: there it is nobody's."""
    before = {each.id: (each.first_name, each.last_name) for each in rows(shop, Customer)}
    path = tmp_path / "export.csv"
    path.write_bytes(exported(admin, "customers"))
    result = run("import", "customers", "--tenant=garage", str(path))
    assert result.exit_code == 0
    theirs = {(each.first_name, each.last_name) for each in rows(garage, Customer)}
    assert {("José", "O’Brien"), ("=Sum", "-Dash, =Kay"), ("Only", "Number")} <= theirs
    # Who has nothing but our number is nobody elsewhere.
    assert ("No", "Way") not in theirs
    assert {each.id: (each.first_name, each.last_name) for each in rows(shop, Customer)} == before


def test_another_business_takes_a_family_and_who_comes(
    salon: Business, garage: Business, admin: Browser
) -> None:
    with tenant_scope(salon.id):
        ann = db.session.get_one(Customer, salon.customer_id)
        mia = add_to_family(ann, "Mia Lee")
        db.session.flush()
        for number, who in enumerate(({"attendee_id": mia.id}, {"attendee_name": "A friend"})):
            at = datetime(2031, 5, 8, 14 + number, tzinfo=UTC)
            more = {"starts_at": at, "duration_minutes": 30, "status": "scheduled"}
            db.session.add(Appointment(customer_id=ann.id, **who, **more))
        db.session.commit()
    people, diary = exported(admin, "customers"), exported(admin, "appointments")
    # Whoever stands above the one through whom they are reached is met the second time.
    for _ in range(2):
        imported(garage, "customers", people)
    for _ in range(2):
        done = imported(garage, "appointments", diary)
        assert done.rejected == 0, done.reasons
    with tenant_scope(garage.id):
        found = db.session.scalars(select(Customer).where(Customer.first_name == "Mia")).one()
        assert found.reached_through
        assert salon.customer_number in found.reached_through.addresses
        booked = select(Appointment).where(
            Appointment.starts_at >= datetime(2031, 5, 8, tzinfo=UTC)
        )
        comes = {each.who_comes: each.attendee_id for each in db.session.scalars(booked)}
        assert comes == {"Mia Lee": found.id, "A friend": None}


@pytest.mark.parametrize("forged", ["kv1-0", "kv0-", "kv999999999999999999-1", "1", "kv١-1"])
def test_a_number_of_ours_that_does_not_fit_is_nobodys(
    shop: Business, admin: Browser, tmp_path: Path, forged: str
) -> None:
    text = f"customer_kaivox_id,starts_at\n{forged},2026-12-01T10:00\n"
    output = by_command("appointments", text.encode(), tmp_path)
    assert "Line 2 rejected: no customer is known by" in output
