"""A customer as they are traced through all tables."""

from typing import NamedTuple

from sqlalchemy import or_, select

from app.extensions import db
from app.lib.telephone.phone import variants
from app.models import ContactPoint, Customer


class Person(NamedTuple):
    id: int
    addresses: tuple[str, ...]
    """Each, in every form under which its line is known."""
    names: tuple[str, ...]
    """Both parts of each: theirs, and that of any row that was merged into it. Where only one part
    is known, it is no name of one person."""

    @property
    def words(self) -> list[str]:
        """What says that a text is about them."""
        return [*self.addresses, *self.names]


def person(customer: Customer) -> Person:
    """Of the tenant in scope."""
    known = select(ContactPoint.address).where(ContactPoint.customer_id == customer.id)
    points = db.session.scalars(known.order_by(ContactPoint.id))
    forms = dict.fromkeys(form for address in points for form in variants(address))
    theirs = or_(Customer.id == customer.id, Customer.merged_into_id == customer.id)
    rows = db.session.scalars(select(Customer).where(theirs).order_by(Customer.id))
    parts = ((row.first_name, row.last_name) for row in rows)
    whole = dict.fromkeys(" ".join(each) for each in parts if all(each))
    return Person(customer.id, tuple(forms), tuple(whole))
