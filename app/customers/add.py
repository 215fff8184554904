"""A customer whom staff enter by hand: met again if the number is known, else made."""

from sqlalchemy import select, tuple_

from app.channels import CHANNELS, family
from app.extensions import db
from app.lib.telephone.phone import e164, variants
from app.lib.text.cleaning import clean
from app.models import ContactPoint, Customer


def by_phone(phone: str) -> Customer | None:
    """Who has the number (E.164) on any channel that goes by telephone numbers."""
    channels = [c.key for c in CHANNELS.values() if c.address_form == "phone"]
    query = (
        select(Customer)
        .join(ContactPoint, ContactPoint.customer_id == Customer.id)
        .where(ContactPoint.channel.in_(channels), ContactPoint.address.in_(variants(phone)))
        .order_by(ContactPoint.id)
        .limit(1)
    )
    return db.session.scalar(query)


def by_address(channel: str, address: str) -> Customer | None:
    """Who has the address on that channel, as contact.normal writes it."""
    query = select(Customer).join(ContactPoint, ContactPoint.customer_id == Customer.id)
    return db.session.scalar(
        query.where(ContactPoint.channel == channel, ContactPoint.address == address)
    )


def is_anothers(customer: Customer) -> str | None:
    """Of the customer's addresses that are new the first that somebody else has, on another channel
    or in another form; the very same the database refuses by itself."""
    for point in customer.contact_points:
        others = select(ContactPoint.id).where(
            ContactPoint.channel.in_(family(CHANNELS[point.channel])),
            ContactPoint.address.in_(variants(point.address)),
            tuple_(ContactPoint.channel, ContactPoint.address) != (point.channel, point.address),
            ContactPoint.customer_id.is_distinct_from(customer.id),
        )
        with db.session.no_autoflush:
            new = point in db.session.new or db.session.is_modified(point)
            if new and db.session.scalar(others.limit(1)) is not None:
                return point.address
    return None


def add(phone: str, name: str, country: str) -> tuple[Customer, bool]:
    """The customer with that number, and whether they are new. Raises BadNumber."""
    number = e164(phone, country)
    if known := by_phone(number):
        return known, False
    customer = newcomer(number, name)
    db.session.add(customer)
    db.session.commit()
    return customer, True


def newcomer(number: str, name: str = "") -> Customer:
    """Somebody with that number (E.164), not yet in the session."""
    first_name, _, last_name = clean(name).strip().partition(" ")
    customer = Customer(first_name=first_name, last_name=last_name.strip())
    customer.contact_points.append(ContactPoint(channel="sms", address=number))
    return customer
