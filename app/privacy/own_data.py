"""What is known of a person, table by table, for them to read (GDPR, article 15)."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Computed, LargeBinary, inspect, select
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.audit.audited import SECRET
from app.extensions import Model, db
from app.models import AutomationRule, Label, Service, StaffMember, User
from app.privacy.person import Person
from app.privacy.personal_data import PERSONAL

Row = dict[str, Any]
# Who or what a row refers to is told by its name.
NAMED: dict[str, type[Any]] = {
    kind.__tablename__: kind for kind in (AutomationRule, Label, Service, StaffMember, User)
}
# Of no use to whom it is about.
OUR_OWN = ("tenant_id", "conversation_before", "client_token", "account_sid", "service_sid")


class Section(NamedTuple):
    table: str
    title: str
    told: tuple[str, ...]
    """The columns that a person reads, in their order."""
    rows: list[Row]
    """In the order in which they were written; values as in the database, names for whom they refer
    to."""


def sections(who: Person) -> Iterator[Section]:
    """Those in which there is something, of the tenant in scope."""
    for kind, trace in PERSONAL.items():
        if trace.title and (rows := _rows(kind, trace.which(who))):
            yield Section(kind.__tablename__, trace.title, trace.told, rows)


def _rows(kind: type[Any], which: ColumnElement[bool]) -> list[Row]:
    names = _names(kind)
    query = select(*(getattr(kind, name) for name in names)).where(which)
    found = db.session.execute(query.order_by(*inspect(kind).primary_key))
    return [_told(kind, dict(zip(names, row, strict=True))) for row in found]


def _names(kind: type[Any]) -> tuple[str, ...]:
    """Without secrets, bytes and what the database makes of other columns."""
    return tuple(
        each.key
        for each in inspect(kind).column_attrs
        if each.key not in OUR_OWN
        and not SECRET.search(each.key)
        and not isinstance(each.columns[0].type, LargeBinary | TSVECTOR)
        and not isinstance(each.columns[0].computed, Computed)
    )


def _told(kind: type[Any], row: Row) -> Row:
    references = _references(kind)
    return {
        name: _name(references[name], value) if name in references and value else value
        for name, value in row.items()
    }


def _references(kind: type[Any]) -> dict[str, type[Any]]:
    """By column the kind of row that it names."""
    mapper = inspect(kind)
    return {
        mapper.get_property_by_column(column).key: NAMED[key.referred_table.name]
        for key in mapper.local_table.foreign_key_constraints
        for column in key.columns
        if key.referred_table.name in NAMED and column.name != "tenant_id"
    }


def _name(kind: type[Model], id_: int) -> str:
    """A session remembers whom it was asked for."""
    return str(db.session.get(kind, id_) or "")


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
