"""Every column that names a customer, and how its rows go from one to another.

The columns are those with a foreign key to the customer, so that a new table is never forgotten.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, UniqueConstraint, exists, inspect, select, update
from sqlalchemy.orm import aliased

from app.extensions import Model, db
from app.models import Conversation, Customer, CustomerMerge, CustomerWords

# The database keeps the words by itself; what was merged stays as it was; two conversations become
# one (two_conversations.py).
STAY = (CustomerWords, CustomerMerge, Conversation)


class Named(NamedTuple):
    kind: type[Any]
    name: str
    """Of its column."""

    @property
    def column(self) -> Any:
        return getattr(self.kind, self.name)


@cache
def moving() -> tuple[Named, ...]:
    return tuple(
        Named(each.class_, key)
        for each in sorted(Model.registry.mappers, key=lambda each: each.class_.__name__)
        if each.class_ not in STAY
        for key in _customers(each.local_table)
    )


def _customers(table: Any) -> Iterator[str]:
    for key in table.foreign_key_constraints:
        if key.referred_table.name == Customer.__tablename__:
            yield next(name for name in key.column_keys if name != "tenant_id")


def ids_of(named: Named, gone_id: int, kept_id: int) -> list[int]:
    """Of the rows that name the one and can name the other. What the other has already, a label for
    example, stays where it is, and is there again when it is undone."""
    query = select(named.kind.id).where(named.column == gone_id)
    for names in _once(named):
        query = query.where(~_has(named, names, kept_id))
    return list(db.session.scalars(query.order_by(named.kind.id)))


def rename(named: Named, customer_id: int, *which: ColumnElement[bool]) -> None:
    """Let those rows name that customer."""
    rows = update(named.kind).where(*which)
    values = {named.name: customer_id}
    db.session.execute(rows.values(values).execution_options(synchronize_session=False))


def _once(named: Named) -> Iterator[tuple[str, ...]]:
    """What there is once for each customer."""
    table = inspect(named.kind).local_table
    rules = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    for rule in (*rules, *(each for each in table.indexes if each.unique)):
        if named.name in rule.columns:
            yield tuple(set(rule.columns.keys()) - {named.name, "tenant_id"})


def _has(named: Named, names: tuple[str, ...], kept_id: int) -> ColumnElement[bool]:
    theirs = aliased(named.kind)
    same = (getattr(theirs, name) == getattr(named.kind, name) for name in names)
    tenant = theirs.tenant_id == named.kind.tenant_id
    return exists().where(tenant, getattr(theirs, named.name) == kept_id, *same)
