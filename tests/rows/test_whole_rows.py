"""A row made of values that a statement found is one of the session, as if it had loaded it."""

from sqlalchemy import select

from app.extensions import db
from app.models import Customer, Draft
from app.rows.whole_rows import WholeRow, shared_out
from app.tenancy import tenant_scope
from tests.support.queries import statements
from tests.support.world import Business


def test_what_is_changed_in_it_is_written_and_one_at_hand_is_brought_up_to_date(
    salon: Business,
) -> None:
    whole, none = WholeRow(Customer), WholeRow(Draft)
    query = select(*whole.columns, *none.columns).outerjoin(Draft, Draft.id == -1)
    with tenant_scope(salon.id):
        row = db.session.execute(query.where(Customer.id == salon.customer_id)).one()
        values, nothing = shared_out(row, whole, none)
        session = db.session()
        with statements() as sent:
            customer = whole.row(session, values)
            assert customer and customer is session.get(Customer, salon.customer_id)
            assert (customer.id, customer.tenant_id) == (salon.customer_id, salon.id)
            assert none.row(session, nothing) is None
        assert not sent
        customer.first_name = "Renamed"
        db.session.commit()
        names = select(Customer.first_name).filter_by(id=salon.customer_id)
        assert session.scalar(names) == "Renamed"
        assert whole.row(session, values) is customer
        assert customer.first_name != "Renamed" and customer not in session.dirty
        assert customer.search, "what is deferred is loaded when it is asked for"
