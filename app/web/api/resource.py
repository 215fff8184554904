"""What a kind of thing is, to the API: its schemas, its rows, and what can be done with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import request
from marshmallow import RAISE, Schema, ValidationError
from sqlalchemy import ColumnElement, Select, inspect, select
from sqlalchemy.sql.base import ExecutableOption

from app.extensions import Model, db
from app.web.api.fields import Filter, id_of
from app.web.guards.problem import Problem

Said = Mapping[str, Any]
GONE = "There is no such {}, or it is no more."


class New(NamedTuple):
    schema: type[Schema]
    make: Callable[[Said, str | None], Any]
    """A new row of what was sent, for the caller to commit, unless its command has done so: then a
    name that it was made by before gives that row. Raises Problem."""


class Change(NamedTuple):
    schema: type[Schema]
    apply: Callable[[Any, Said], object]
    """Do that to a row, committed. Raises Problem."""
    first: Callable[[], None] = lambda: None
    """Done before the row is locked: what has to be locked before it."""


@dataclass(frozen=True)
class Resource:
    name: str
    """As it stands in addresses: appointments."""
    one: str
    """As a person says it: an appointment."""
    model: type[Model]
    shown: type[Schema]
    reads: str
    """The scope that reads it."""
    writes: str = ""
    new: New | None = None
    """None: nobody makes one here."""
    change: Change | None = None
    filters: Mapping[str, Filter] = field(default_factory=dict)
    tells_changes: bool = False
    """Whether what was changed since a time can be asked for: its table has marks (ChangeMark)."""
    which: tuple[ColumnElement[bool], ...] = ()
    """Which rows there are at all."""
    loads: tuple[ExecutableOption, ...] = ()
    ahead: Callable[[Sequence[Any]], None] = lambda rows: None
    """Called with all rows that are about to be told: what else that asks for, at once."""

    @property
    def key(self) -> Any:
        """The column that its address names."""
        return inspect(self.model).primary_key[0]

    def query(self) -> Select[Any]:
        return select(self.model).where(*self.which).options(*self.loads)

    def find(self, id_: str, locked: bool = False) -> Any:
        """The row of the business. Raises Problem: 404 for any other."""
        try:
            query = self.query().where(self.key == id_of(id_, self.key))
        except ValidationError:
            raise self.gone() from None
        if locked:
            query = query.with_for_update(of=self.model)
        row = db.session.scalar(query.execution_options(populate_existing=True))
        if row is None:
            raise self.gone()
        return row

    def gone(self) -> Problem:
        return Problem(404, GONE.format(self.one))


def told(resource: Resource, *rows: Any) -> list[dict[str, Any]]:
    """The rows as JSON has them."""
    resource.ahead(rows)
    found: list[dict[str, Any]] = resource.shown(many=True).dump(rows)
    return found


def read(schema: type[Schema]) -> dict[str, Any]:
    """What was sent. Raises Problem: 415 for what is no JSON, 422 for what the schema has not."""
    if not request.is_json:
        raise Problem(415, "Send JSON, with Content-Type: application/json.")
    sent = request.get_json()
    if not isinstance(sent, dict):
        raise Problem(422, "Send a JSON object.")
    try:
        loaded: dict[str, Any] = schema(unknown=RAISE).load(sent)
    except ValidationError as error:
        raise unfit(error) from None
    return loaded


def unfit(error: ValidationError) -> Problem:
    """What is wrong, each with where."""
    wrong = [
        {"pointer": f"/{name}", "detail": " ".join(map(str, texts))}
        for name, texts in error.normalized_messages().items()  # type: ignore[no-untyped-call]
    ]
    return Problem(422, "Some of what was sent cannot be taken.", wrong)


def refused(pointer: str, detail: str) -> Problem:
    """One field cannot be what it says."""
    return Problem(422, detail, [{"pointer": f"/{pointer}", "detail": detail}])
