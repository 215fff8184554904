"""What staff put right beside a conversation: what was posted, and nothing else of anybody's."""

from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.models import ContactPoint, Customer, Note
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear

JSON = {"Accept": "application/json"}
HOSTILE = "<b>Ann</b> " + "x" * 80


def customer(business: Business) -> Customer:
    with tenant_scope(business.id):
        db.session.rollback()
        return db.session.scalars(
            select(Customer)
            .where(Customer.id == business.customer_id)
            .execution_options(populate_existing=True)
        ).one()


def test_one_field_is_changed_and_the_others_stay(
    salon: Business, garage: Business, staff: Browser
) -> None:
    pane = f"/customers/pane/{salon.customer_id}"
    done = staff.post(f"{pane}/details", data={"first_name": HOSTILE}, headers=JSON)
    assert done.status_code == 200
    row = customer(salon)
    assert (row.first_name, row.last_name) == (HOSTILE, "Salon")
    page = staff.get(pane).text
    assert "&lt;b&gt;Ann&lt;/b&gt;" in page and "<b>Ann" not in page
    for wrong in (
        {"language": "Klingonish"},
        {"first_name": "x" * 101},
        {"preferred_channel": "x"},
    ):
        said = staff.post(f"{pane}/details", data=wrong, headers=JSON)
        assert said.status_code == 422 and said.json and said.json["error"]
    staff.post(f"{pane}/details", data={"language": "Spanish"}, headers=JSON)
    assert (customer(salon).language, customer(salon).first_name) == ("es", HOSTILE)
    stranger = f"/customers/pane/{garage.customer_id}"
    assert staff.get(stranger).status_code == 404
    taken = staff.post(f"{stranger}/details", data={"first_name": "Eve"}, headers=JSON)
    assert taken.status_code == 404 and customer(garage).first_name == "Ann"


def test_another_address_is_theirs_unless_it_is_somebody_elses(
    salon: Business, garage: Business, staff: Browser
) -> None:
    hear(salon, "I am Uma", number="+13475550001")
    path = f"/customers/pane/{salon.customer_id}/address"
    for text in ("(347) 555-0002", "+13475550002", "Ann.B@Example.test"):
        assert staff.post(path, data={"address": text}, headers=JSON).status_code == 200
    for text in ("(347) 555-0001", "12", "no@mail@box"):
        assert staff.post(path, data={"address": text}, headers=JSON).status_code == 422
    with tenant_scope(salon.id):
        theirs = select(ContactPoint.address).where(ContactPoint.customer_id == salon.customer_id)
        added = {"+13475550002", "ann.b@example.test"}
        assert added < set(db.session.scalars(theirs)) and len(added) == 2
    # A number is somebody's in each business by itself.
    assert (
        staff.post(path, data={"address": garage.customer_number}, headers=JSON).status_code == 200
    )


def test_the_pane_has_what_one_asks_for_while_writing(salon: Business, staff: Browser) -> None:
    with tenant_scope(salon.id):
        for number in range(4):
            at = NOON + timedelta(minutes=number)
            db.session.add(
                Note(customer_id=salon.customer_id, body=f"Note {number}", created_at=at)
            )
        db.session.commit()
    page = staff.get(f"/customers/pane/{salon.customer_id}").text
    for there in (
        "Note 3",
        "Note 1",
        "Label of salon",
        "Ask for a review",
        "ann@salon.test",
        "Cut",
    ):
        assert there in page, there
    assert "Note 0" not in page and "garage" not in page.lower()
