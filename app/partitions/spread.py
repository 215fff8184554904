"""Makes tables anew in parts, with all that stands on them, by what the catalog says of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection

from app.partitions.spread_tables import SPREAD

# The parts have a schema of their own: nobody is granted anything there, so that rows are only
# found through their table, where its policies hold.
SCHEMA = "partitions"
PIECES = (Path(__file__).parent / "pieces.sql").read_text()
ROWS = (Path(__file__).parent / "rows.sql").read_text()
# In which what stands on tables is made again: the keys before what refers to them.
ORDER = (
    "constraint",
    "index",
    "statistics",
    "reference",
    "function",
    "revoke",
    "trigger",
    "grant",
    "policy",
    "security",
)
LIKE = "INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS"
# Of the parts' indexes; by themselves they would be called by their columns.
NAMES = """
    SELECT format('ALTER INDEX %%s RENAME TO %%I', part.oid::regclass, left(whole.relname, 56)
        || '_' || row_number() OVER (PARTITION BY whole.oid ORDER BY part.oid) - 1)
    FROM pg_index
    JOIN pg_class AS whole ON whole.oid = indexrelid AND whole.relkind = 'I'
    JOIN pg_inherits ON inhparent = whole.oid
    JOIN pg_class AS part ON part.oid = inhrelid
    WHERE indrelid = ANY (%(tables)s::regclass[])
"""
PARTS = (
    "SELECT count(*) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhparent"
    " WHERE inhparent = %(table)s::regclass AND relkind = 'p'"
)


def parts(connection: Connection, table: str) -> int:
    """In how many parts the table is; 0: it is whole."""
    found = connection.exec_driver_sql(PARTS, {"table": f'"{table}"'})
    return int(found.scalar_one())


def spread(connection: Connection, count: int, tables: Sequence[str] = SPREAD) -> None:
    """Put the rows of each table into so many parts by the hash of their tenant; 0: into one whole
    table. What is so already is left alone.

    Within the connection's transaction, which from then on holds all of the tables until its end:
    nobody reads or writes them meanwhile. For whoever owns them and may make a schema.
    """
    others = [table for table in tables if parts(connection, table) != count]
    if not others:
        return
    these = [f'"{table}"' for table in others]
    _run(connection, f"LOCK TABLE {', '.join(these)}", f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    stands = pieces(connection, others)
    _run(connection, *stands.pop("go", ()))
    for table in others:
        _run(connection, *_rebuilt(connection, table, count))
    _run(connection, *(each for kind in ORDER for each in stands.pop(kind, ())))
    _run(connection, *connection.exec_driver_sql(NAMES, {"tables": these}).scalars())
    _run(connection, *(f"ANALYZE {table}" for table in these))


def pieces(connection: Connection, tables: Sequence[str]) -> dict[str, list[str]]:
    """What stands on the tables: of each kind of ORDER the statements that make it again, and, as
    "go", those that let go of it."""
    found: dict[str, list[str]] = {}
    named = {"tables": [f'"{table}"' for table in tables]}
    for kind, statement in connection.exec_driver_sql(PIECES, named):
        found.setdefault(kind, []).append(statement)
    return found


def _rebuilt(connection: Connection, table: str, count: int) -> Iterator[str]:
    """Statements that put its rows into a new table of its name, which has nothing but its columns
    and their checks."""
    new = f"{table}_spread"
    rows = connection.exec_driver_sql(ROWS, {"table": table}).one()
    by = "PARTITION BY HASH (tenant_id)" if count else ""
    options = f"WITH ({rows.options})" if rows.options else ""
    yield f'CREATE TABLE "{new}" (LIKE "{table}" {LIKE}) {by or options}'
    for part in range(count):
        values = f"FOR VALUES WITH (MODULUS {count}, REMAINDER {part})"
        name = f'{SCHEMA}."{table}_{part}_of_{count}"'
        yield f'CREATE TABLE {name} PARTITION OF "{new}" {values} {options}'
    yield (
        f'INSERT INTO "{new}" ({rows.columns}) OVERRIDING SYSTEM VALUE'
        f' SELECT {rows.columns} FROM "{table}"'
    )
    if rows.serial:
        yield f'ALTER SEQUENCE {rows.serial} OWNED BY "{new}".id'
    if rows.identity:
        yield f"SELECT setval('\"{new}_id_seq\"', last_value, is_called) FROM {rows.identity}"
    yield f'DROP TABLE "{table}"'
    yield f'ALTER TABLE "{new}" RENAME TO "{table}"'
    if rows.identity:
        yield f'ALTER SEQUENCE "{new}_id_seq" RENAME TO "{table}_id_seq"'


def _run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%"))
