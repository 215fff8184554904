"""Customers found by what staff remember of them: the beginnings of names, some digits, an email
address."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from app.extensions import db
from app.lib.text.cleaning import sought_words
from app.models import Customer, Tenant
from app.search.clauses import Clauses, of_customers
from app.search.found_customers import found, ranked
from app.tenancy import current_tenant_id

Column = InstrumentedAttribute[Any]


def among(customer_id: Column, words: list[str]) -> ColumnElement[bool]:
    """Whether they are found by all of the words: each the beginning of a name, some digits of a
    number, or part of an email address."""
    return customer_id.in_(found(clauses(" ".join(words)), None))


def matching(text: str, offset: int, count: int) -> list[Customer]:
    """Some of those who are found, the best first, also by a mistake in a name; without a word, of
    all, newest first."""
    query = select(Customer).options(selectinload(Customer.contact_points))
    wanted = clauses(text) if sought_words(text) else None
    query = query.order_by(Customer.id.desc()) if wanted is None else ranked(query, wanted)
    return list(db.session.scalars(query.offset(offset).limit(count)))


def clauses(text: str) -> Clauses:
    """By what was typed, as the business in scope means it."""
    return of_customers(text, db.session.get_one(Tenant, current_tenant_id()).country)
