"""Selects that are made, narrowed to the tenant and compiled once, for what every page reads.

Through the ORM such a statement costs three times as much, and its rows ten times. What these find
are plain rows, in the order of the columns: nothing of them is loaded later, kept or written.
"""

from collections.abc import Callable
from enum import Enum
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import BindParameter, Select, bindparam
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.types import TypeEngine

from app.extensions import db
from app.tenancy import narrowed

R = TypeVar("R")
_GIVEN = object()
_DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]


class _Compiled(NamedTuple):
    sql: str
    values: dict[str, Any]
    """Of what stands in the select itself."""
    asked: dict[str, Callable[[], Any]]
    """What is known as it runs: the tenant in scope."""


class Prepared(Generic[R]):
    """A select of columns of entities, with given() for what differs each time; a list of values is
    `= ANY(…)` of an array, as an IN has another length each time."""

    def __init__(self, row: Callable[..., R], query: Select[*tuple[Any, ...]]) -> None:
        """row: makes something of a row's columns, as a NamedTuple does."""
        self._row, self._query = row, query

    def all(self, **values: Any) -> list[R]:
        """What is found in the tenant in scope. Raises TenantMissing, and, as the session would,
        NotNarrowed."""
        sql, fixed, asked = self._compiled
        told = {name: ask() for name, ask in asked.items()}
        session = db.session()
        if session.autoflush:
            # What it has yet to write is found, too, as by a select of the session's own.
            session.flush()
        rows = session.connection().exec_driver_sql(sql, {**fixed, **values, **told})
        return [self._row(*row) for row in rows]

    def one_or_none(self, **values: Any) -> R | None:
        """The first, if there is one."""
        return next(iter(self.all(**values)), None)

    @cached_property
    def _compiled(self) -> _Compiled:
        compiled = narrowed(self._query).compile(
            dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
        )
        binds = compiled.binds
        asked = {name: bind.callable for name, bind in binds.items() if bind.callable}
        values = compiled.construct_params().items()
        fixed = {name: _plain(value) for name, value in values if value is not _GIVEN}
        return _Compiled(str(compiled), fixed, asked)


def given(name: str, type_: TypeEngine[Any] | type[TypeEngine[Any]]) -> BindParameter[Any]:
    """A value that each run names; the driver refuses a statement that lacks one."""
    return bindparam(name, _GIVEN, type_=type_)


def _plain(value: Any) -> Any:
    # SQLAlchemy would tell the driver what the database calls it.
    return value.value if isinstance(value, Enum) else value
