"""Values of ours as rows that a statement reads."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, TableValuedAlias, column, func, literal
from sqlalchemy.types import TypeEngine


def rows_of(rows: Sequence[Sequence[Any]], **columns: type[TypeEngine[Any]]) -> TableValuedAlias:
    """The rows, each with a value for each of the columns. One statement for however many: one with
    VALUES is compiled anew each time (SQLAlchemy 2.1 caches none of these)."""
    arrays = zip(zip(*rows, strict=True), columns.values(), strict=True)
    values = [literal(list(each), ARRAY(type_())) for each, type_ in arrays]
    named = [column(name, type_) for name, type_ in columns.items()]
    return func.unnest(*values).table_valued(*named, name="given").render_derived()
