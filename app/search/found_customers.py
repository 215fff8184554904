"""Customers by their words: whose name begins so, whose number has the digits, whose email address
the part."""

from typing import Any

from sqlalchemy import Integer, Select, case, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from app.extensions import db
from app.models import Conversation, Customer
from app.search.clauses import Clauses, forgiving, whole
from app.tenancy import CURRENT_TENANT

# Nobody looks through more; and so many cost little, whatever was typed.
MOST = 300


def found(clauses: Clauses, most: int | None) -> Select[tuple[int]]:
    """The ids of some whom all clauses fit; of all: most is None."""
    # Behind a policy an index on words is of no use: this function narrows by itself.
    wanted, limit = literal(clauses, JSONB), literal(most, Integer)
    return select(func.customers_found(CURRENT_TENANT, wanted, limit))


def ids(clauses: Clauses, most: int = MOST) -> list[int]:
    return list(db.session.scalars(found(clauses, most))) if clauses else []


def ranked(query: Select[Any], clauses: Clauses) -> Select[Any]:
    """The rows of customers who are found: first those of whose name each word is whole, then
    whoever was last in touch. Where there is nobody, those whose names are nearly so."""
    begun = ids(clauses)
    exact = ids(whole(clauses)) if begun else []
    among = {*exact, *begun} if begun else set(ids(forgiving(clauses)))
    return (
        query.where(Customer.id.in_(among))
        .outerjoin(Conversation, Conversation.customer_id == Customer.id)
        .order_by(
            case((Customer.id.in_(exact), 0), else_=1),
            Conversation.last_message_at.desc().nulls_last(),
            Customer.id.desc(),
        )
    )
