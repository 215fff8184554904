"""A customer as they are traced through all tables."""

from typing import NamedTuple

from sqlalchemy import select

from app.extensions import db
from app.lib.telephone.phone import variants
from app.models import ContactPoint, Customer


class Person(NamedTuple):
    id: int
    addresses: tuple[str, ...]
    """Each, in every form under which its line is known."""
    name: str
    """Both parts of it; empty where only one is known, which is no name of one person."""

    @property
    def words(self) -> list[str]:
        """What says that a text is about them."""
        return [*self.addresses, *filter(None, [self.name])]


def person(customer: Customer) -> Person:
    """Of the tenant in scope."""
    known = select(ContactPoint.address).where(ContactPoint.customer_id == customer.id)
    points = db.session.scalars(known.order_by(ContactPoint.id))
    forms = dict.fromkeys(form for address in points for form in variants(address))
    whole = customer.first_name and customer.last_name
    name = f"{customer.first_name} {customer.last_name}" if whole else ""
    return Person(customer.id, tuple(forms), name)
