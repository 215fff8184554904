"""Customers by their words: whose name begins so, whose number has the digits, whose email address
the part."""

import json

from sqlalchemy import Integer, Select, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from app.prepared import Prepared, given
from app.search.clauses import Clauses, forgiving, whole
from app.tenancy import CURRENT_TENANT

# Nobody looks through more; and so many cost little, whatever was typed.
MOST = 300


def found(clauses: Clauses, most: int | None) -> Select[tuple[int]]:
    """The ids of some whom all clauses fit; of all: most is None."""
    # Behind a policy an index on words is of no use: this function narrows by itself.
    wanted, limit = literal(clauses, JSONB), literal(most, Integer)
    return select(func.customers_found(CURRENT_TENANT, wanted, limit))


_FOUND = Prepared(
    int,
    select(
        func.customers_found(CURRENT_TENANT, given("clauses", JSONB()), given("most", Integer()))
    ),
)


def ids(clauses: Clauses, most: int = MOST) -> list[int]:
    return _FOUND.all(clauses=json.dumps(clauses), most=most) if clauses else []


def best(clauses: Clauses) -> tuple[list[int], list[int]]:
    """Of whose name each word is whole; and all who are found, or whose names are nearly so."""
    begun = ids(clauses)
    return (ids(whole(clauses)), begun) if begun else ([], ids(forgiving(clauses)))
