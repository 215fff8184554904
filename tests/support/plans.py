"""How PostgreSQL goes about the statements of a piece of work."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from app.extensions import db


def sent(work: Callable[[], object]) -> list[tuple[str, Any]]:
    """The statements that it sends, each with its values."""
    found: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        found.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return found


def plan(statement: str, values: Any) -> str:
    """As it is run, by whoever is in scope."""
    db.session.execute(text("SET LOCAL plan_cache_mode = auto"))
    explain = f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) {statement}"
    return "\n".join(db.session.connection().exec_driver_sql(explain, values).scalars())


def buffers(plan: str) -> int:
    """How many pages it looked at, in memory or on the disk."""
    found = re.search(r"shared hit=(\d+)(?: read=(\d+))?", plan)
    return sum(int(count or 0) for count in found.groups()) if found else 0
