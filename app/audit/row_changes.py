"""What changed in a row that a session is writing, as the log keeps it."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import inspect

from app.audit.audited import Audited
from app.extensions import Model

Changes = dict[str, list[Any]]
# Of a longer text so much: a template is no longer.
LONGEST = 5_000
HIDDEN: list[Any] = []


def changed(row: Model, kind: Audited) -> Changes:
    """By column [before, after]; of a hidden one HIDDEN. Before is None where it was not read."""
    found: Changes = {}
    for name in _names(row, kind):
        history = inspect(row).attrs[name].history
        before, after = _only(history.deleted), _only(history.added)
        if history.has_changes() and before != after:
            found[name] = HIDDEN if kind.hides(name) else [_plain(before), _plain(after)]
    return found


def created(row: Model, kind: Audited) -> Changes:
    """What a new row begins with."""
    return {name: [None, value] for name, value in _values(row, kind).items()}


def deleted(row: Model, kind: Audited) -> Changes:
    """What a row was, as far as it was read."""
    return {name: [value, None] for name, value in _values(row, kind).items()}


def _values(row: Model, kind: Audited) -> dict[str, Any]:
    """Without asking the database: it is in the middle of a flush."""
    known = {name: vars(row).get(name) for name in _names(row, kind)}
    return {
        name: _plain(value)
        for name, value in known.items()
        if value not in (None, "", [], {}) and not kind.hides(name)
    }


def _names(row: Model, kind: Audited) -> list[str]:
    mapper = inspect(row).mapper
    keys = {mapper.get_property_by_column(column).key for column in mapper.local_table.primary_key}
    own = kind.by_itself | keys | {"tenant_id"}
    return [each.key for each in mapper.column_attrs if each.key not in own]


def _only(values: Any) -> Any:
    return values[0] if values else None


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value[:LONGEST] if isinstance(value, str) else value
