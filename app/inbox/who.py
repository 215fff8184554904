"""Customers found by what staff remember of them: the beginnings of names, some digits."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from app.extensions import db
from app.lib.text import sought_words
from app.models import ContactPoint, Customer
from app.tenancy import CURRENT_TENANT


def among(customer_id: InstrumentedAttribute[Any], words: list[str]) -> ColumnElement[bool]:
    """Whether their name has all the words (as beginnings), or their number the digits."""
    terms = func.to_tsquery("simple", " & ".join(map(_prefix, words)))
    # Behind a policy an index on names is of no use: this function narrows by itself.
    by_name = select(func.customers_named(CURRENT_TENANT, terms))
    # Without the trunk prefix, which E.164 leaves out: 020 7946 0958 is +44 20 7946 0958.
    digits = "".join(filter(str.isdigit, "".join(words))).lstrip("0")
    found = [customer_id.in_(by_name)]
    if len(digits) >= 3:
        number = ContactPoint.address.contains(digits, autoescape=True)
        by_number = select(ContactPoint.customer_id).where(number)
        found.append(customer_id.in_(by_number))
    return or_(*found)


def matching(text: str, offset: int, count: int) -> list[Customer]:
    """Some of those who are found; without a word, of all, newest first."""
    query = select(Customer).options(selectinload(Customer.contact_points))
    if words := sought_words(text):
        query = query.where(among(Customer.id, words))
    return list(db.session.scalars(query.order_by(Customer.id.desc()).offset(offset).limit(count)))


def _prefix(word: str) -> str:
    # Quoted, so that no word is read as an operator of tsquery.
    quoted = word.replace("'", "''").replace("\\", "\\\\")
    return f"'{quoted}':*"
