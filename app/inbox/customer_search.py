"""Customers found by what staff remember of them: the beginnings of names, some digits, an email
address."""

from collections.abc import Iterator
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from app.extensions import db
from app.lib.telephone.phone import digits, forms
from app.lib.text.cleaning import sought_words
from app.models import ContactPoint, Customer, Tenant
from app.tenancy import CURRENT_TENANT, current_tenant_id

Column = InstrumentedAttribute[Any]
# By fewer digits nearly everybody would be found; with fewer than the last no number is whole.
FEWEST, WHOLE = 3, 7


def among(customer_id: Column, words: list[str]) -> ColumnElement[bool]:
    """Whether their name has all the words (as beginnings), or their number the digits, or their
    email address what has an @ in it."""
    terms = reduce(lambda all_, term: all_.op("&&")(term), map(_beginning, words))
    # Behind a policy an index on names is of no use: this function narrows by itself.
    by_name = select(func.customers_named(CURRENT_TENANT, terms))
    by_address = (_by_email(customer_id, word) for word in words if "@" in word)
    return or_(customer_id.in_(by_name), *_by_number(customer_id, " ".join(words)), *by_address)


def having(customer_id: Column, word: str) -> ColumnElement[bool]:
    """Whether their name or their address has the word anywhere, or their number the digits."""
    by_name = select(Customer.id).where(func.strpos(Customer.folded, func.folded(word)) > 0)
    address = ContactPoint.address.icontains(word, autoescape=True)
    by_address = select(ContactPoint.customer_id).where(address)
    found = (customer_id.in_(by_name), customer_id.in_(by_address))
    return or_(*found, *_by_number(customer_id, word))


def matching(text: str, offset: int, count: int) -> list[Customer]:
    """Some of those who are found; without a word, of all, newest first."""
    query = select(Customer).options(selectinload(Customer.contact_points))
    if words := sought_words(text):
        query = query.where(among(Customer.id, words))
    return list(db.session.scalars(query.order_by(Customer.id.desc()).offset(offset).limit(count)))


def _beginning(word: str) -> ColumnElement[Any]:
    # Quoted, so that no word is read as an operator of tsquery; folding leaves no apostrophe, and
    # nothing at all of some words, which between quotes is no word.
    quoted = func.concat("' ", func.folded(word.replace("\\", "\\\\")), "':*")
    return func.to_tsquery("simple", quoted)


def _by_email(customer_id: Column, part: str) -> ColumnElement[bool]:
    there = ContactPoint.address.contains(part.lower(), autoescape=True)
    known = select(ContactPoint.customer_id).where(ContactPoint.channel == "email", there)
    return customer_id.in_(known)


def _by_number(customer_id: Column, text: str) -> Iterator[ColumnElement[bool]]:
    part = digits(text)
    found = [part] if len(part) >= FEWEST else []
    if len(part) >= WHOLE:
        found += forms(text, db.session.get_one(Tenant, current_tenant_id()).country)
    for number in dict.fromkeys(found):
        address = ContactPoint.address.contains(number, autoescape=True)
        yield customer_id.in_(select(ContactPoint.customer_id).where(address))
