"""Customers found by what staff remember of them: the beginnings of names, some digits, an email
address."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.extensions import db
from app.lib.text.cleaning import sought_words
from app.models import Conversation, Customer, Tenant
from app.models.contact_point import addresses_of
from app.models.customer import Person
from app.prepared import Prepared, given
from app.search.clauses import Clauses, of_customers
from app.search.found_customers import best, found
from app.tenancy import current_tenant_id

Column = InstrumentedAttribute[Any]


class FoundCustomer(NamedTuple):
    id: int
    person: Person
    reached_through: str = ""
    """The name of who is written to about them; empty: they are themselves."""

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def addresses(self) -> list[str]:
        return self.person.addresses

    @property
    def address(self) -> str | None:
        return self.addresses[0] if self.addresses else None

    def __str__(self) -> str:
        return self.name


def _found(
    id_: int, first_name: str, last_name: str, known: list[str] | None, through: str | None
) -> FoundCustomer:
    return FoundCustomer(id_, Person(first_name, last_name, known or ()), through or "")


def among(customer_id: Column, words: list[str]) -> ColumnElement[bool]:
    """Whether they are found by all of the words: each the beginning of a name, some digits of a
    number, or part of an email address."""
    return customer_id.in_(found(clauses(" ".join(words)), None))


def matching(text: str, offset: int, count: int) -> list[FoundCustomer]:
    """Some of those who are found, the best first, also by a mistake in a name; without a word, of
    all, newest first."""
    if not sought_words(text):
        return _NEWEST.all(offset=offset, count=count)
    exact, among = best(clauses(text))
    # Who is found by whole words is found by their beginnings.
    return _BEST.all(exact=exact, among=among, offset=offset, count=count) if among else []


def named(ids: Collection[int]) -> dict[int, FoundCustomer]:
    """The customers, by their ids."""
    return {each.id: each for each in _NAMED.all(ids=list(ids))} if ids else {}


def clauses(text: str) -> Clauses:
    """By what was typed, as the business in scope means it."""
    return of_customers(text, db.session.get_one(Tenant, current_tenant_id()).country)


_IDS = ARRAY(Integer)
_way = aliased(Customer)
_THROUGH = (
    select(func.trim(_way.first_name + " " + _way.last_name))
    .where(_way.id == Customer.reached_through_id)
    .correlate(Customer)
    .scalar_subquery()
)
_CUSTOMERS = select(
    *(Customer.id, Customer.first_name, Customer.last_name),
    *(addresses_of(Customer.id), _THROUGH),
)
_SOME = _CUSTOMERS.offset(given("offset", Integer())).limit(given("count", Integer()))
_NAMED = Prepared(_found, _CUSTOMERS.where(Customer.id == any_(given("ids", _IDS))))
_NEWEST = Prepared(
    _found, _SOME.where(Customer.merged_into_id.is_(None)).order_by(Customer.id.desc())
)
# First those of whose name each word is whole, then whoever was last in touch.
_BEST = Prepared(
    _found,
    _SOME.outerjoin(Conversation, Conversation.customer_id == Customer.id)
    .where(Customer.id == any_(given("among", _IDS)))
    .order_by(
        (Customer.id == any_(given("exact", _IDS))).desc(),
        Conversation.last_message_at.desc().nulls_last(),
        Customer.id.desc(),
    ),
)
