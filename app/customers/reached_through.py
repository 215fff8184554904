"""Who is reached through somebody else's number or address: children, parents, colleagues
(docs/adr/0029-shared-numbers.md)."""

from collections.abc import Sequence

from sqlalchemy import Integer, select

from app.extensions import db
from app.lib.text.cleaning import clean
from app.models import Customer
from app.prepared import Prepared, given

LONGEST_NAME = 100
NAMELESS = "Give the name of who is reached here, too."
THEMSELVES = "They are reached here anyway."


class NoWay(ValueError):
    """They cannot be reached that way; the text says why and what to do."""


def reach_through(customer: Customer, way: Customer | None) -> None:
    """From now on the customer is written to through that one; None: they are themselves. What was
    booked stays agreed on with whom it was. Part of the caller's transaction. Raises NoWay.

    One hop: whoever is reached through somebody is nobody's way.
    """
    _lock(customer, way)
    if way is None:
        customer.reached_through_id = None
        return
    if way.id == customer.id:
        raise NoWay(THEMSELVES)
    if way.reached_through_id:
        through = db.session.get_one(Customer, way.reached_through_id).name
        raise NoWay(f"{way.name} is reached through {through}. Choose {through} instead.")
    if family(customer):
        raise NoWay(f"Others are reached through {customer.name}. Let them go another way first.")
    customer.reached_through_id = way.id


def add_to_family(way: Customer, name: str) -> Customer:
    """Somebody new without an address of their own. Part of the caller's transaction. Raises
    NoWay."""
    first_name, _, last_name = clean(name).strip()[:LONGEST_NAME].partition(" ")
    if not first_name:
        raise NoWay(NAMELESS)
    made = Customer(first_name=first_name, last_name=last_name.strip())
    db.session.add(made)
    db.session.flush()
    reach_through(made, way)
    return made


def family(way: Customer) -> Sequence[Customer]:
    """Whoever is reached through them, by name."""
    ids = _FAMILY.all(way=way.id)
    query = select(Customer).where(Customer.id.in_(ids))
    return db.session.scalars(query.order_by(Customer.first_name, Customer.id)).all() if ids else []


_FAMILY = Prepared(
    int, select(Customer.id).where(Customer.reached_through_id == given("way", Integer()))
)


def _lock(customer: Customer, way: Customer | None) -> None:
    """So that of two who make a chain the second sees what the first made; webhooks go on."""
    ids = {customer.id, way.id if way else customer.id}
    query = select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    db.session.scalars(locked).all()
