"""Counts the statements that a piece of work sends to PostgreSQL, and the rows they look at."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from app.extensions import db
from tests.support import owner
from tests.support.plans import sent


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are run meanwhile, by any engine of this process."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def rows_read_by(work: Callable[[], object], table: str) -> int:
    """How many rows of the table the work's first statement looks at, if the planner uses what
    index there is, as it would with many rows. It knows what is committed, and nothing older: what
    another test left in its statistics would lead it elsewhere."""
    owner.run(f'ANALYZE "{table}"')
    (statement, values), *_ = sent(work)
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    looked = rows_read(statement, table, values)
    db.session.rollback()
    return looked


def rows_read(statement: str, table: str, values: Mapping[str, Any] | None = None) -> int:
    """How many rows of the table the database looks at to run the statement, which it does."""
    connection = db.session.connection()
    query = statement if values else statement.replace("%", "%%")
    plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", values)
    return _read(plan.scalar_one()[0]["Plan"], table)


def _read(node: dict[str, Any], table: str) -> int:
    looked = 0
    if node.get("Relation Name") == table and "Scan" in node["Node Type"]:
        left_out = node.get("Rows Removed by Filter", 0)
        looked = int((node["Actual Rows"] + left_out) * node["Actual Loops"])
    return looked + sum(_read(child, table) for child in node.get("Plans", []))
