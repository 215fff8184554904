"""What staff put right of a customer, one thing at a time, beside the conversation."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.channels import CHOSEN
from app.customers import contact
from app.customers.add import is_anothers
from app.extensions import db
from app.lib.telephone.phone import BadNumber
from app.lib.text.cleaning import as_sentence, clean
from app.lib.text.languages import NoLanguage, language_code
from app.models import ContactPoint, Customer

# The fields, and how long each can be.
LONGEST = {"first_name": 100, "last_name": 100, "language": 40, "preferred_channel": 20}
LONGEST |= {"notes": 5_000}
ANOTHERS = "This number or address belongs to another customer. Look them up under Customers."


class BadDetail(ValueError):
    """It cannot be kept; says why in a person's words."""


def change_details(customer: Customer, values: Mapping[str, Any]) -> None:
    """Take over the fields that are named among the values; others stay. Raises BadDetail, and
    changes nothing then. Commits."""
    take_details(customer, values)
    db.session.commit()


def take_details(customer: Customer, values: Mapping[str, Any]) -> None:
    """The same, in the caller's transaction."""
    given = {name: clean(str(values[name] or "")).strip() for name in LONGEST if name in values}
    for name, text in given.items():
        if len(text) > LONGEST[name]:
            label = name.replace("_", " ")
            raise BadDetail(f"The {label} can have {LONGEST[name]:,} characters. Shorten it.")
    stored = {name: _stored(name, text, customer) for name, text in given.items()}
    for name, value in stored.items():
        setattr(customer, name, value)


def _stored(name: str, text: str, customer: Customer) -> str | None:
    if name == "language":
        # What stands there may have a region, which nobody need know.
        return customer.language if text == (customer.language or "") else _language(text)
    if name == "preferred_channel":
        if text and text not in CHOSEN:
            raise BadDetail("Choose a channel, or none.")
        return text or None
    return text


def _language(text: str) -> str | None:
    try:
        return language_code(text) if text else None
    except NoLanguage as error:
        raise BadDetail(as_sentence(error)) from None


def add_address(customer: Customer, text: str, country: str) -> None:
    """One more number or email by which they are reached; one that they have already changes
    nothing. Raises BadDetail. Commits."""
    channel = "email" if "@" in text else "sms"
    try:
        address = contact.normal(channel, clean(text).strip()[:254], country)
    except (BadNumber, contact.BadAddress) as error:
        raise BadDetail(f"{error}. Give a number with its country code, or an email.") from None
    if (channel, address) in {(each.channel, each.address) for each in customer.contact_points}:
        return
    customer.contact_points.append(ContactPoint(channel=channel, address=address))
    if is_anothers(customer):
        db.session.rollback()
        raise BadDetail(ANOTHERS)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise BadDetail(ANOTHERS) from None
