"""People are found however their names are written, and however whoever seeks them types."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.inbox import customer_search
from app.models import Appointment, Call, ContactPoint, Customer, Service, Tenant
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear

# As the name stands there, and as it is typed.
FOUND = [
    ("José Núñez", "jose"),
    ("José Núñez", "JOSÉ"),
    ("José Núñez", "nunez jo"),
    ("Jose\u0301 Nun\u0303ez", "josé núñez"),
    ("Jose\u0301 Nun\u0303ez", "Jose"),
    ("Sean O'Brien", "o’brien"),
    ("Sean O’Brien", "O'Brien"),
    ("Sean O’Brien", "obrien"),
    ("Sean O`Brien", "oʼbrien sean"),
    ("İpek Işık", "ipek"),
    ("İpek Işık", "isik"),
    ("ipek IŞIK", "İpek"),
    ("Anna Weiß", "weiss"),
    ("Anna WEISS", "weiß"),
    ("Søren Ærø", "soren"),
    ("Søren Ærø", "aero"),
    ("Łukasz Đặng", "lukasz dang"),
    ("Пётр Ёлкин", "петр"),
    ("Γιώργος Παππάς", "ΓΙΩΡΓΟΣ"),
    ("김철수", "김철"),
    ("Anne-Marie Smith", "anne-m"),
    ("Anne-Marie Smith", "marie"),
    ("Ｊｏｓé Wide", "jose"),
    # A WhatsApp profile in letters of mathematics.
    ("𝓙𝓸𝓼𝓮 Fancy", "jose"),
]
PANELS = ("customers", "appointments", "calls", "messages")


@pytest.fixture
def people(salon: Business, garage: Business) -> Iterator[None]:
    """The same people with both businesses, and somebody else."""
    for owner in (salon, garage):
        for number, name in enumerate(dict.fromkeys(name for name, _ in FOUND)):
            hear(owner, "Hi", number=f"+1347555{number:04d}", channel="whatsapp", name=name)
        hear(owner, "Hi", number="+13475559999", channel="whatsapp", name="Zoe Quinn")
    yield


def _names(customers: list[Customer]) -> set[str]:
    return {each.name for each in customers}


@pytest.mark.parametrize(("name", "typed"), FOUND)
def test_the_inbox_finds_a_name_however_it_is_typed(
    salon: Business, people: None, staff: Browser, name: str, typed: str
) -> None:
    with tenant_scope(salon.id):
        found = customer_search.matching(typed, 0, 100)
        assert name in _names(found) and "Zoe Quinn" not in _names(found)
        assert {each.id for each in found} <= set(db.session.scalars(select(Customer.id)))
    page = staff.get("/messages", query_string={"q": typed, "part": "list"}).text
    plain = page.replace("<mark>", "").replace("</mark>", "")
    # Jinja writes an apostrophe as a reference.
    assert name.replace("'", "&#39;") in plain and "Zoe Quinn" not in page


@pytest.mark.parametrize(("name", "typed"), FOUND)
def test_the_panels_find_a_name_however_it_is_typed(
    salon: Business, people: None, admin: Browser, name: str, typed: str
) -> None:
    with tenant_scope(salon.id):
        for customer in db.session.scalars(select(Customer)):
            db.session.add(Appointment(customer_id=customer.id, starts_at=NOON))
            db.session.add(Call(customer_id=customer.id, caller="+12125550000", started_at=NOON))
        db.session.commit()
    for panel in PANELS:
        page = admin.get(f"/admin/{panel}/", query_string={"search": typed}).text
        assert name.replace("'", "&#39;") in page and "Zoe Quinn" not in page, panel


@pytest.mark.parametrize("typed", ["jose", "núñez", "o’brien", "ipek", "weiss"])
def test_the_pickers_find_a_name_however_it_is_typed(
    salon: Business, people: None, admin: Browser, typed: str
) -> None:
    query = {"name": "customer", "query": typed}
    for panel in ("appointments", "calls"):
        found = admin.get(f"/admin/{panel}/ajax/lookup/", query_string=query).get_json()
        assert found and "Zoe Quinn" not in [name for _, name in found]


def test_services_are_found_without_their_accents(
    salon: Business, garage: Business, admin: Browser
) -> None:
    with tenant_scope(salon.id):
        db.session.add(Service(name="Coloración", duration_minutes=30))
        db.session.commit()
    assert "Coloración" in admin.get("/admin/services/?search=coloracion").text
    path = "/admin/appointments/ajax/lookup/?name=service&query=COLORACION"
    assert [name for _, name in admin.get(path).get_json()] == ["Coloración"]


@pytest.mark.parametrize(
    ("country", "stored", "typed"),
    [
        ("DE", "+491711234567", "0171 1234567"),
        ("DE", "+491711234567", "+49 (0)171 123-4567"),
        ("DE", "+491711234567", "0049 171/1234567"),
        ("DE", "+491711234567", "123 45 67"),
        ("US", "+491711234567", "011 49 171 1234567"),
        ("US", "+12125550177", "(212) 555-0177"),
        ("US", "+12125550177", "1-212-555-0177"),
        ("US", "+12125550177", "212\u2011555\u20110177"),
        ("US", "+12125550177", "0177"),
        ("GB", "+442079460958", "(020) 7946 0958"),
        ("BR", "+551187654321", "(11) 98765-4321"),
        ("MX", "+5215512345678", "55 1234 5678"),
    ],
)
def test_a_number_is_found_however_it_is_typed(
    salon: Business, garage: Business, admin: Browser, country: str, stored: str, typed: str
) -> None:
    for owner in (salon, garage):
        db.session.get_one(Tenant, owner.id).country = country
        with tenant_scope(owner.id):
            point = ContactPoint(channel="sms", address=stored)
            db.session.add(Customer(first_name="Sought", contact_points=[point]))
            db.session.commit()
    with tenant_scope(salon.id):
        theirs = set(db.session.scalars(select(Customer.id)))
        [found] = customer_search.matching(typed, 0, 100)
        assert (found.name, found.id in theirs) == ("Sought", True)
    page = admin.get("/admin/customers/", query_string={"search": typed}).text
    assert "Sought" in page and "Ann Salon" not in page


@pytest.mark.parametrize(
    "typed", ["%", "_", "'", "’", "\\", "'; drop", "a\\", "' | 'ann", "!", "&"]
)
def test_signs_are_looked_for_and_mean_nothing_else(
    salon: Business, garage: Business, admin: Browser, typed: str
) -> None:
    with tenant_scope(salon.id):
        assert "Zoe" not in _names(customer_search.matching(typed, 0, 100))
    for panel in PANELS:
        assert admin.get(f"/admin/{panel}/", query_string={"search": typed}).status_code == 200


def test_a_name_that_is_changed_is_found_by_the_new_one(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        customer = db.session.get_one(Customer, salon.customer_id)
        customer.first_name, customer.last_name = "Zoë", "Quinn"
        db.session.commit()
        [found] = customer_search.matching("zoe", 0, 9)
        assert found.id == salon.customer_id
        assert customer_search.matching("salon", 0, 9) == []


def test_the_program_before_this_one_finds_whom_it_found(salon: Business, people: None) -> None:
    """It sends words as they were typed."""
    with tenant_scope(salon.id):
        words = func.to_tsquery("simple", "'núñez':*")
        assert db.session.scalars(select(func.customers_named(salon.id, words))).all()
