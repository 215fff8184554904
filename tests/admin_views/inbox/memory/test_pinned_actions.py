"""Facts are pinned by forms and JSON, and stand where somebody looks before the customer comes."""

from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import Appointment, Customer, PinnedFact
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells
from tests.support.browser import Browser
from tests.support.world import Business

JSON = {"Accept": "application/json"}
HOSTILE = "<script>alert(1)</script> {{ 7*7 }}"


def fact(owner: Business) -> PinnedFact:
    with tenant_scope(owner.id):
        return db.session.scalars(select(PinnedFact)).one()


def test_a_fact_is_pinned_changed_and_taken_off(
    salon: Business, garage: Business, staff: Browser
) -> None:
    path, ours = f"/customers/{salon.customer_id}", fact(salon)
    there = f"{path}/pinned/{ours.id}"
    assert (
        "Changed by us"
        in staff.post(
            there, data={"fact": "Changed by us", "version": "1"}, follow_redirects=True
        ).text
    )
    late = staff.post(there, json={"fact": "Too late", "version": 1}, headers=JSON)
    assert (late.status_code, "Changed by us" in (late.json or {})["error"]) == (422, True)
    told = staff.get(path, headers=JSON).json
    assert told is not None
    assert [(each["fact"], each["by"]) for each in told["pinned"]] == [("Changed by us", "Staff")]
    gone = staff.post(f"{there}/unpin", json={"version": 2}, headers=JSON)
    assert gone.status_code == 200
    pinned = staff.post(f"{path}/pinned", data={"fact": HOSTILE}, follow_redirects=True)
    assert "&lt;script&gt;alert(1)" in pinned.text
    assert HOSTILE not in pinned.text


def test_nobody_touches_what_is_anothers(salon: Business, garage: Business, staff: Browser) -> None:
    theirs, ours = fact(garage), fact(salon)
    with tenant_scope(salon.id):
        other = Customer(first_name="Ben")
        db.session.add(other)
        db.session.commit()
        other_id = other.id
    for path in (
        f"/customers/{garage.customer_id}/pinned",
        f"/customers/{salon.customer_id}/pinned/{theirs.id}",
        f"/customers/{garage.customer_id}/pinned/{theirs.id}/unpin",
        f"/customers/{other_id}/pinned/{ours.id}",
    ):
        assert staff.post(path, json={"fact": "x", "version": 1}, headers=JSON).status_code == 404
    assert (fact(garage).fact, fact(salon).fact) == ("Pinned by garage", "Pinned by salon")


def test_it_stands_at_the_appointment_of_whoever_comes(
    salon: Business, garage: Business, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        child = Customer(first_name="Cleo", reached_through_id=salon.customer_id)
        db.session.add(child)
        db.session.flush()
        db.session.add(PinnedFact(customer_id=child.id, fact="Afraid of dryers", at=now()))
        agreed = {"customer_id": salon.customer_id, "starts_at": now() + timedelta(hours=1)}
        made = [
            Appointment(**agreed),
            Appointment(**agreed, attendee_id=child.id),
            Appointment(**agreed, attendee_name="Uncle Bob"),
        ]
        db.session.add_all(made)
        db.session.commit()
        paths = [f"/calendar/{each.id}" for each in made]
        day = made[0].starts_at.astimezone().date()
    assert cells(staff.get(f"/calendar/new?customer_id={salon.customer_id}").text).count(
        "Pinned by salon"
    )
    for path, stands in zip(paths, ("Pinned by salon", "Afraid of dryers", ""), strict=True):
        page = cells(staff.get(path).text)
        shown = [each for each in ("Pinned by salon", "Afraid of dryers") if each in page]
        assert shown == [stands] * bool(stands)
    grid = staff.get(f"/calendar/?view=week&day={day}").text
    assert "Afraid of dryers" in grid
    assert "Pinned by salon" in grid
    assert "Pinned by garage" not in grid
