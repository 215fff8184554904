"""Selects that are made, narrowed to the tenant and compiled once, for what every page reads.

Through the ORM such a statement costs three times as much, and its rows ten times. What these find
are plain rows, in the order of the columns: nothing of them is loaded later, kept or written.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import BindParameter, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.types import TypeEngine

from app.extensions import db
from app.rows.driver_rows import found_together
from app.tenancy import TenantMissing, looks_across, narrowed

R = TypeVar("R")
T = TypeVar("T")
U = TypeVar("U")
NAMED, WORD = re.compile(r"%\((\w+)\)s"), re.compile(r"[a-z_]*")
# What JSON does not give back as it was; days and instants are read again (_read).
CHANGED = (bytes, Decimal, time, timedelta)
# Statements that ask several at once, and are kept.
MOST = 500
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

    def __init__(
        self, row: Callable[..., R], query: Select[*tuple[Any, ...]], *, across: bool = False
    ) -> None:
        """row: makes something of a row's columns, as a NamedTuple does. across: it is of no tenant
        and of all, and asked within `unscoped` alone."""
        self._row, self._query, self._across = row, query, across

    def all(self, **values: Any) -> list[R]:
        """What is found in the tenant in scope. Raises TenantMissing, and, as the session would,
        NotNarrowed."""
        return _found((self, values))[0]

    def one_or_none(self, **values: Any) -> R | None:
        """The first, if there is one."""
        return first(self.all(**values))

    def question(self, made: Callable[[list[R]], T], **values: Any) -> "Question[T]":
        """The same, to be run later: made of what is then found."""
        return Question(self, made, values)

    def statement(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """As the driver takes it, with all its values; raises as all()."""
        if self._across and not looks_across():
            raise TenantMissing("it asks across tenants: say why (unscoped)")
        sql, fixed, asked = self._compiled
        return sql, {**fixed, **values, **{name: ask() for name, ask in asked.items()}}

    def made(self, rows: Sequence[Sequence[Any]]) -> list[R]:
        """Of what that finds."""
        return [self._row(*row) for row in rows]

    @property
    def as_json(self) -> ScalarSelect[Any]:
        """All that it finds, as one value of a statement around it; no row: NULL. Raises TypeError
        where a column holds what JSON does not keep."""
        if any(issubclass(each, CHANGED) for each in self._types):
            raise TypeError(f"ask for it alone: {self._query}")
        found = narrowed(self._query).subquery()
        return select(func.json_agg(func.json_build_array(*found.c))).scalar_subquery()

    def read(self, rows: Sequence[Sequence[Any]] | None) -> list[R]:
        """What that says."""
        return [self._row(*map(_read, self._types, row)) for row in rows or ()]

    @cached_property
    def _types(self) -> list[type]:
        return [column.type.python_type for column in self._query.selected_columns]

    @cached_property
    def _compiled(self) -> _Compiled:
        query = self._query if self._across else narrowed(self._query)
        compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        binds = compiled.binds
        asked = {name: bind.callable for name, bind in binds.items() if bind.callable}
        values = compiled.construct_params().items()
        fixed = {
            name: _plain(value)
            for name, value in values
            if value is not _GIVEN and name not in asked
        }
        return _Compiled(_with_constants(str(compiled), fixed), fixed, asked)


class Question(Generic[T]):
    """What a prepared select is to find; ask() puts several at once."""

    def __init__(
        self, of: Prepared[Any], made: Callable[[list[Any]], T], values: dict[str, Any]
    ) -> None:
        self.of, self.made, self.values = of, made, values

    @cached_property
    def answer(self) -> T:
        """Asked alone where it was not asked together with others; raises as Prepared.all."""
        return self.made(self.of.all(**self.values))

    def then(self, made: Callable[[T], U]) -> "Question[U]":
        """The same, with more made of it."""
        return Question(self.of, lambda rows: made(self.made(rows)), self.values)


def first(rows: Sequence[R]) -> R | None:
    return rows[0] if rows else None


def ask(*questions: Question[Any], alone: Sequence[Question[Any]] = ()) -> None:
    """Answer all of them in one packet: by one statement, to whom a value of the same name is the
    same, else that raises ValueError; and, by a statement each, those that find more than a few
    rows, which would be slow to read as one value."""
    every = (*alone, _as_one(questions)) if questions else alone
    found = _found(*((each.of, each.values) for each in every))
    for each, rows in zip(every, found, strict=True):
        each.answer = each.made(rows)


def _found(*asked: tuple[Prepared[Any], dict[str, Any]]) -> list[list[Any]]:
    statements = [of.statement(values) for of, values in asked]
    session = db.session()
    if session.autoflush:
        # What it has yet to write is found, too, as by a select of the session's own.
        session.flush()
    found = found_together(session.connection(), *statements)
    return [of.made(rows) for (of, _), rows in zip(asked, found, strict=True)]


def _as_one(questions: Sequence[Question[Any]]) -> Question[None]:
    """As one value: each would be read by itself."""

    def hand_out(found: list[list[Any]]) -> None:
        for each, rows in zip(questions, found[0], strict=True):
            each.answer = each.made(each.of.read(rows))

    values: dict[str, Any] = {}
    for name, value in chain.from_iterable(each.values.items() for each in questions):
        if values.setdefault(name, value) != value:
            raise ValueError(f"they differ in {name}")
    return Question(_together(tuple(each.of for each in questions)), hand_out, values)


@lru_cache(MOST)
def _together(parts: tuple[Prepared[Any], ...]) -> Prepared[list[Any]]:
    return Prepared(list, select(func.json_build_array(*(part.as_json for part in parts))))


def _read(type_: type, value: Any) -> Any:
    """Of JSON, which knows no time."""
    if value is not None and issubclass(type_, date):
        return type_.fromisoformat(value)
    return value


def given(name: str, type_: TypeEngine[Any] | type[TypeEngine[Any]]) -> BindParameter[Any]:
    """A value that each run names; the driver refuses a statement that lacks one."""
    return bindparam(name, _GIVEN, type_=type_)


def _with_constants(sql: str, fixed: dict[str, Any]) -> str:
    """Numbers and words that never differ stand in the statement: a plan that is made without them
    is a bad one (how many rows of a LIMIT?), and PostgreSQL would make another each time."""

    def told(named: re.Match[str]) -> str:
        value = fixed.get(named[1])
        if isinstance(value, int):
            return str(value)
        return f"'{value}'" if isinstance(value, str) and WORD.fullmatch(value) else named[0]

    return NAMED.sub(told, sql)


def _plain(value: Any) -> Any:
    # SQLAlchemy would tell the driver what the database calls it.
    return value.value if isinstance(value, Enum) else value
