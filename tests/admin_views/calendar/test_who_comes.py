"""Booking for somebody else: a child, a parent, and where the pages name who comes."""

from sqlalchemy import select

from app.customers.reached_through import family
from app.extensions import db
from app.models import Appointment, Customer
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, filled, told
from tests.support.browser import Browser
from tests.support.world import Business

JSON = {"Accept": "application/json"}
THEN = {"day": "2027-03-19", "time": "09:00"}


def relatives(owner: Business) -> dict[str, int]:
    with tenant_scope(owner.id):
        ann = db.session.get_one(Customer, owner.customer_id)
        found = {each.name: each.id for each in family(ann)}
        db.session.rollback()
    return found


def test_a_child_is_added_booked_for_and_named_wherever_the_appointment_is(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    ann = f"/customers/{salon.customer_id}"
    for name in ("Mia <Ruiz>", "Tom"):
        assert staff.post(f"{ann}/family", data={"name": name}).location == ann
    people = relatives(salon)
    assert people.keys() == {"Mia <Ruiz>", "Tom"}
    booked = staff.post("/calendar/new", data=THEN | {"customer_id": str(people["Mia <Ruiz>"])})
    assert "Booked: Mia <Ruiz>, reached through Ann Salon, " in told(
        staff.get(booked.location or "")
    )
    with tenant_scope(salon.id):
        mine = select(Appointment.id).where(Appointment.attendee_id == people["Mia <Ruiz>"])
        id_ = db.session.scalars(mine).one()
        db.session.rollback()
    for page, says in (
        ("/calendar?day=2027-03-19", "Mia <Ruiz>, through Ann Salon"),
        (f"/calendar/{id_}", "reached through Ann Salon"),
        (ann, "Also reached here Whose messages come to Ann Salon"),
        (ann, "for Mia <Ruiz>"),
        (f"/customers/{people['Mia <Ruiz>']}", "Ann Salon gets the messages about their"),
        (f"/customers/pane/{salon.customer_id}", "for Mia <Ruiz>"),
        (f"/messages/{salon.customer_id}", "Mia <Ruiz>: Appointment booked"),
    ):
        text = staff.get(page).text
        assert says in cells(text), (page, cells(text))
        assert "<Ruiz>" not in text
    assert ", for Mia &lt;Ruiz&gt;" in admin.get("/admin/appointments/?when=all").text
    # The form that is there says who it is, and sent as it is changes nothing.
    form = filled(staff.get(f"/calendar/{id_}"))
    assert form["attendee"] == "Mia <Ruiz>"
    staff.post(f"/calendar/{id_}/move", data=form | {"notes": "Quiet"})
    as_known = staff.get(f"/calendar/{id_}", headers=JSON).json
    assert as_known and as_known["attendee"] == "Mia <Ruiz>"
    staff.post(f"/calendar/{id_}/move", data=form | {"attendee": "tom"})
    with tenant_scope(salon.id):
        assert db.session.get_one(Appointment, id_).attendee_id == people["Tom"]


def test_a_name_alone_is_enough_and_nobody_of_another_business_comes(
    salon: Business, garage: Business, staff: Browser
) -> None:
    good = THEN | {"customer_id": salon.customer_id}
    made = staff.post("/calendar/new", json=good | {"attendee": "Grandma Rosa"}, headers=JSON)
    assert made.status_code == 201 and made.json and made.json["attendee"] == "Grandma Rosa"
    theirs = good | {"attendee_id": garage.customer_id}
    assert staff.post("/calendar/new", json=theirs, headers=JSON).status_code == 404
    assert (
        Browser(garage.staff)
        .post(f"/customers/{salon.customer_id}/family", data={"name": "Eve"})
        .status_code
        == 404
    )
    # Nor by a number that only they know.
    way = staff.post(
        f"/customers/{salon.customer_id}/way",
        json={"address": garage.customer_number},
        headers=JSON,
    )
    assert way.status_code == 422 and relatives(salon) == {}


def test_a_form_sent_again_for_another_child_says_that_it_was_used(
    salon: Business, garage: Business, staff: Browser
) -> None:
    good = THEN | {"customer_id": salon.customer_id, "client_token": "t1"}
    codes = [
        staff.post("/calendar/new", json=good | {"attendee": name}, headers=JSON).status_code
        for name in ("Mia", "Mia", "Tom")
    ]
    assert codes == [201, 201, 422]
