"""What each migration takes away from the code before it, which runs on in a rolling deploy."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationInfo

FACTS = (Path(__file__).parent / "schema_steps.sql").read_text()
Fact = tuple[str, str, str, str]
# What is there no more, or otherwise, breaks a statement that names it.
RELIED_ON = ("column", "unique", "function")


class Steps:
    """To be told of each migration that has run (alembic's on_version_apply)."""

    def __init__(self) -> None:
        self._facts: set[Fact] = set()
        self.count = 0
        self.breaks: set[tuple[str, str]] = set()
        """The migration, and what of it the code before may fail by."""

    def __call__(self, *, ctx: MigrationContext, step: MigrationInfo, **_: Any) -> None:
        if not step.is_upgrade or ctx.connection is None:
            return
        facts: set[Fact] = {tuple(row) for row in ctx.connection.exec_driver_sql(FACTS)}
        self.breaks |= {(str(step.up_revision_id), what) for what in broken(self._facts, facts)}
        self._facts, self.count = facts, self.count + 1


def broken(before: set[Fact], after: set[Fact]) -> Iterator[str]:
    """In words, what code that was written before may fail by."""
    for kind, table, name, _ in before - after:
        if kind in RELIED_ON:
            yield f"{kind} {table}.{name} is gone or another".replace(" .", " ")
    tables = {table for _, table, _, _ in before}
    ruled = {(table, name): columns for kind, table, name, columns in before if kind == "rule"}
    added = {(table, name) for kind, table, name, _ in after - before if kind == "column"}
    for kind, table, name, columns in after - before:
        if kind == "required" and table in tables:
            yield f"{table}.{name} has to be named"
        if kind != "rule" or table not in tables or _of(table, columns, added):
            continue
        if not _wider(columns, ruled.get((table, name))):
            yield f"{name} may refuse a row"


def _of(table: str, columns: str | None, added: set[tuple[str, str]]) -> bool:
    """Whether it is about a column that the code before leaves as it is by default."""
    return any((table, column) in added for column in (columns or "").split())


def _wider(columns: str, before: str | None) -> bool:
    """Whether a key of that name took fewer columns before, so that no more is refused by it."""
    return before is not None and set(before.split()) < set(columns.split())
