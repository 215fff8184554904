"""The rows of one moment, put back in milliseconds: a copy of each table, kept in a schema beside.

The database does it by a function of its own, so that it plans the statements once a connection.
"""

from sqlalchemy import Table

from app.extensions import Model, db
from tests.support import owner

SCHEMA = "kept"
# What triggers write.
COUNTED = ("conversation_count", "rollup_change")
_SEQUENCE = "format('%I', sequencename)::regclass"


def take() -> None:
    """Keep the rows of all tables, and where the ids stand."""
    steps = [
        f"CREATE SCHEMA {SCHEMA}",
        *(f'CREATE TABLE {SCHEMA}."{t.name}" AS TABLE "{t.name}"' for t in _tables()),
        f"CREATE TABLE {SCHEMA}.sequences AS SELECT sequencename, last_value FROM pg_sequences"
        " WHERE last_value IS NOT NULL",
        f"CREATE FUNCTION {SCHEMA}.restore() RETURNS void LANGUAGE plpgsql"
        f" AS $$ BEGIN {_restore()}; END $$",
    ]
    owner.run(";".join(steps))


def restore() -> None:
    """Put the rows back into tables that are empty."""
    owner.run(f"SELECT {SCHEMA}.restore()")


def _restore() -> str:
    # Triggers have counted what was put back: in their place comes what they had counted.
    counted = [Model.metadata.tables[name] for name in COUNTED]
    again = [f"DELETE FROM {table.name};{_fill(table)}" for table in counted]
    move = f"PERFORM setval({_SEQUENCE}, last_value) FROM {SCHEMA}.sequences"
    return ";".join([*(_fill(t) for t in _tables() if t not in counted), *again, move])


def _fill(table: Table) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns if not column.computed)
    return (
        f'INSERT INTO "{table.name}" ({columns}) OVERRIDING SYSTEM VALUE'
        f' SELECT {columns} FROM {SCHEMA}."{table.name}"'
        # A trigger may have written it already.
        " ON CONFLICT DO NOTHING"
    )


def _tables() -> list[Table]:
    return db.metadata.sorted_tables
