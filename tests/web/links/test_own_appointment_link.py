"""The page of a customer's own appointment: opened it changes nothing, and it names nobody."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Appointment, Customer, Service
from app.notifications.content.manage_link import Named, name_of
from app.tenancy import tenant_scope
from app.web.links import own_appointment_link as link
from tests.admin_views.reading import cells, rows
from tests.support.browser import Visitor, visitor
from tests.support.diary import at
from tests.support.working import NINE_TO_SIX, opens
from tests.support.world import NOON, Business

SPANISH = {"Accept-Language": "es-MX,es;q=0.9"}
START, TO = NOON + timedelta(days=1), at("2026-11-26 10:00")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, salon: Business, garage: Business) -> None:
    """An hour more than a day before the appointment, which is booked online."""
    monkeypatch.setattr(link, "now", lambda: NOON - timedelta(hours=1))
    for owner in (salon, garage):
        opens(owner, NINE_TO_SIX)
        with tenant_scope(owner.id):
            db.session.scalars(select(Service)).one().bookable_online = True
            db.session.commit()


@pytest.fixture
def customer() -> Visitor:
    return visitor()


def path(owner: Business, more: str = "") -> str:
    return f"/a/{name_of(Named(owner.id, own(owner).id))}{more}"


def own(owner: Business) -> Appointment:
    found: Appointment = rows(owner, Appointment)[0]
    return found


def test_it_says_what_is_booked_and_names_nobody(salon: Business, customer: Visitor) -> None:
    page = customer.get(path(salon))
    read = cells(page.text)
    assert "Bella's Salon Cut Thursday, November 19, 2026 12:00 PM" in read
    assert "I will come" in read and "Choose another time" in read and "Cancel it" in read
    with tenant_scope(salon.id):
        person = db.session.get_one(Customer, salon.customer_id)
        for name in (person.name, person.first_name, salon.customer_number, "Sofia"):
            assert name and name not in page.text
    assert "noindex" in page.text and page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_it_speaks_the_language_of_the_browser(salon: Business, customer: Visitor) -> None:
    read = cells(customer.get(path(salon), headers=SPANISH).text)
    assert "jueves, 19 de noviembre de 2026" in read and "Voy a ir" in read


@pytest.mark.parametrize("more", ["", "/times", "?done=cancelled"])
def test_to_open_it_changes_nothing(salon: Business, customer: Visitor, more: str) -> None:
    before = own(salon)
    assert customer.get(path(salon, more)).status_code == 200
    for deed in ("/confirm", "/cancel", "/move"):
        assert customer.get(path(salon, deed)).status_code == 405
    after = own(salon)
    assert (after.status, after.starts_at) == (before.status, before.starts_at)


def test_a_link_that_is_none_of_ours_opens_nothing(
    salon: Business, garage: Business, customer: Visitor
) -> None:
    name = path(salon)
    theirs = f"/a/{name_of(Named(garage.id, own(salon).id + 10_000))}"
    mixed = path(garage)[:-16] + name[-16:]
    for wrong in (name[:-1] + ("1" if name[-1] == "0" else "0"), theirs, mixed, "/a/nobody"):
        assert customer.get(wrong).status_code == 404
        for deed in ("confirm", "cancel", "move"):
            assert customer.post(f"{wrong}/{deed}", data={"to": TO.isoformat()}).status_code == 404
    assert own(salon).status == own(garage).status == "scheduled"


def test_it_is_confirmed_by_the_button_and_says_so(salon: Business, customer: Visitor) -> None:
    answer = customer.post(path(salon, "/confirm"), follow_redirects=True)
    read = cells(answer.text)
    assert "Thank you. We know that you will come. It is confirmed." in read
    assert "I will come" not in read
    assert own(salon).status == "confirmed"
    again = customer.post(path(salon, "/confirm"))
    assert again.status_code == 409 and "This is how it is now" in cells(again.text)


def test_it_is_cancelled_after_a_question_and_offers_nothing_more(
    salon: Business, customer: Visitor
) -> None:
    assert "Cancel this appointment? Yes, cancel it" in cells(customer.get(path(salon)).text)
    answer = customer.post(path(salon, "/cancel"), follow_redirects=True)
    read = cells(answer.text)
    assert "This appointment is cancelled." in read and "Choose another time" not in read
    assert own(salon).status == "cancelled"
    refused = customer.post(path(salon, "/move"), data={"to": TO.isoformat()})
    assert refused.status_code == 409


def test_it_is_moved_to_a_place_that_is_offered(salon: Business, customer: Visitor) -> None:
    times = customer.get(path(salon, "/times?day=2026-11-26"))
    assert f'value="{TO.isoformat()}"' in times.text
    assert "Thu, Nov 19, 12:00 PM stays yours until you have another." in cells(times.text)
    form = {"to": TO.isoformat(), "seen": START.isoformat()}
    answer = customer.post(path(salon, "/move"), data=form, follow_redirects=True)
    assert "Thursday, November 26, 2026 10:00 AM It is moved to this time." in cells(answer.text)
    assert own(salon).starts_at == TO


def test_a_place_that_is_taken_meanwhile_is_told_and_the_old_one_kept(
    salon: Business, customer: Visitor
) -> None:
    first = own(salon)
    with tenant_scope(salon.id):
        person = {"staff_member_id": first.staff_member_id, "customer_id": salon.customer_id}
        db.session.add(Appointment(starts_at=TO, **person))
        db.session.commit()
    form = {"to": TO.isoformat(), "seen": START.isoformat()}
    answer = customer.post(path(salon, "/move"), data=form)
    assert answer.status_code == 409
    assert "That time is not free any more. Choose another; yours is still kept." in cells(
        answer.text
    )
    assert own(salon).starts_at == START


@pytest.mark.parametrize("form", [{}, {"to": "soon"}, {"to": "9999-12-31T23:59:59-14:00"}])
def test_nonsense_moves_nothing(salon: Business, customer: Visitor, form: dict[str, str]) -> None:
    assert customer.post(path(salon, "/move"), data=form).status_code == 422
    assert customer.get(path(salon, "/times?day=soon")).status_code == 200
    assert customer.get(path(salon, "/times?day=0001-01-01")).status_code == 200
    assert own(salon).starts_at == START


def test_whoever_is_too_late_is_told_whom_to_ask(
    salon: Business, customer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "now", lambda: NOON + timedelta(hours=1))
    read = cells(customer.get(path(salon)).text)
    assert "It is too late to change it here. Answer our message or call Bella's Salon." in read
    assert "I will come" in read and "Cancel it" not in read
    assert customer.get(path(salon, "/times")).status_code == 303
    assert customer.post(path(salon, "/cancel")).status_code == 409
    assert own(salon).status == "scheduled"


def test_one_link_is_not_pressed_without_end(salon: Business, customer: Visitor) -> None:
    codes = [customer.post(path(salon, "/confirm")).status_code for _ in range(21)]
    assert codes[-1] == 429
