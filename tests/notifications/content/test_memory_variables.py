"""What is remembered of a customer, in texts."""

from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.models import Appointment, Customer, Service, StaffMember
from app.notifications.content.memory_variables import remembered
from app.notifications.content.template_languages import LANGUAGES
from app.tenancy import tenant_scope
from tests.support.queries import statements
from tests.support.world import NOON, Business

ENGLISH, SPANISH = LANGUAGES["en"], LANGUAGES["es"]


def test_a_text_names_what_they_had_and_how_often(salon: Business, garage: Business) -> None:
    for owner, visits in ((salon, 3), (garage, 20)):
        with tenant_scope(owner.id):
            about = {
                "customer_id": owner.customer_id,
                "service_id": db.session.scalars(select(Service.id)).one(),
                "staff_member_id": db.session.scalars(select(StaffMember.id)).one(),
                "status": "completed",
            }
            for day in range(1, visits + 1):
                db.session.add(Appointment(starts_at=NOON - timedelta(days=day), **about))
            db.session.commit()
    with tenant_scope(salon.id):
        ann = db.session.get_one(Customer, salon.customer_id)
        assert remembered(ann, ENGLISH, "") == {
            "last_service": "Cut",
            "visits": "3",
            "usual_staff": "Sofia",
        }


def test_what_is_not_known_is_a_word_that_fits(salon: Business, garage: Business) -> None:
    unknown = {"last_service": "cita", "visits": "0", "usual_staff": "nuestro equipo"}
    with tenant_scope(salon.id):
        ann = db.session.get_one(Customer, salon.customer_id)
        assert remembered(ann, SPANISH, "{{visits}}") == unknown
        assert remembered(Customer(first_name="Maria"), SPANISH, "") == unknown


def test_a_text_that_names_nothing_of_it_asks_nothing(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        ann = db.session.get_one(Customer, salon.customer_id)
        with statements() as sent:
            remembered(ann, ENGLISH, "Hi {{customer_name}}")
        assert sent == []
