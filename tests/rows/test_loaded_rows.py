"""A row made of values that a statement found is one of the session, as if it had loaded it."""

from sqlalchemy import select

from app.extensions import db
from app.models import Customer
from app.rows.loaded_rows import loaded
from app.tenancy import tenant_scope
from tests.support.queries import statements
from tests.support.world import Business


def test_what_is_changed_in_it_is_written_and_what_is_at_hand_stays(salon: Business) -> None:
    with tenant_scope(salon.id):
        columns = (getattr(Customer, name) for name in Customer.__table__.columns.keys())  # noqa: SIM118
        values = db.session.execute(select(*columns).filter_by(id=salon.customer_id)).one()
        with statements() as sent:
            customer = loaded(db.session(), Customer, values)
            assert customer.id == salon.customer_id and customer.tenant_id == salon.id
            assert customer is db.session.get(Customer, salon.customer_id)
        assert not sent
        customer.first_name = "Renamed"
        assert loaded(db.session(), Customer, values) is customer
        db.session.commit()
        names = select(Customer.first_name).filter_by(id=salon.customer_id)
        assert db.session.scalar(names) == customer.first_name == "Renamed"
