"""The program's tables, sorted once: SQLAlchemy does it anew each time that one asks."""

from functools import cache

from sqlalchemy import Table

from app.extensions import db


@cache
def tables() -> tuple[Table, ...]:
    """All, those that others refer to first."""
    return tuple(db.metadata.sorted_tables)


@cache
def tables_with(column: str) -> tuple[Table, ...]:
    """Those that have a column of that name."""
    return tuple(table for table in tables() if column in table.c)
