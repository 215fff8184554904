"""Sees all rows of all tables over a connection of its own, and puts back what was changed."""

from functools import cache
from typing import Any

from sqlalchemy import Engine, Table, create_engine, text
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import ChangeMark, ConversationCount, MessageEvent, RollupChange, UnaskedAddress
from hostile.tables import tables

SCHEMA = "hostile"
# Columns that move with every request of somebody who is signed in.
BY_THEMSELVES = {"last_seen_at"}
# Nobody deletes of these, and so nobody could put them back.
LOGS = ("audit_entry", "platform_audit_entry")
# What triggers write.
WRITTEN = tuple(
    kind.__table__
    for kind in (ChangeMark, ConversationCount, RollupChange, MessageEvent, UnaskedAddress)
)
# The sum of a table's rows that are one business's; None: nobody's.
Picture = dict[tuple[str, int | None], str]


class Onlooker:
    def __init__(self) -> None:
        self._engine: Engine = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
        self.connection = self._engine.connect()
        self._keep_logs("DISABLE")
        sums = (_sum(table) for table in tables())
        self._all = text(" UNION ALL ".join(sums))
        self._snapshot, self._picture = "", Picture()
        self.kept = Picture()

    def ask(self, query: str, **values: Any) -> list[Any]:
        return list(self.connection.execute(text(query), values).all())

    def keep(self) -> None:
        """Remember all rows as they are now."""
        copies = (
            f'CREATE TABLE {SCHEMA}."{table.name}" AS TABLE "{table.name}"' for table in tables()
        )
        self.connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        self.connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        for step in (*copies, _restore()):
            self.connection.execute(text(step))
        self.kept = self.picture()

    def changed(self) -> set[tuple[str, int | None]]:
        """(table, owner) of all rows that are not as they were kept."""
        seen = self.picture()
        return {
            key for key in seen.keys() | self.kept.keys() if seen.get(key) != self.kept.get(key)
        }

    def picture(self) -> Picture:
        # The same snapshot sees the same rows, and is told a hundred times as fast.
        snapshot = str(self.connection.scalar(text("SELECT pg_current_snapshot()::text")))
        if snapshot != self._snapshot:
            self._snapshot = snapshot
            rows = self.connection.execute(self._all)
            self._picture = {(table, owner): told for table, owner, told in rows}
        return self._picture

    def restore(self) -> None:
        """Put the kept rows back, as if nobody had written."""
        changed = {name for name, _ in self.changed()}
        found = [table for table in tables() if table.name in changed]
        steps = [*map(_without_new, reversed(found)), *map(_as_kept, found)]
        # What triggers have written meanwhile.
        written = [each for table in WRITTEN for each in (_without_new(table), _as_kept(table))]
        steps += written if steps else []
        try:
            self.connection.exec_driver_sql(";".join(steps) or "SELECT 1")
        except IntegrityError:
            # Rows stand in one another's way: all of them anew.
            self.connection.execute(text(f"SELECT {SCHEMA}.restore()"))

    def _keep_logs(self, how: str) -> None:
        for log in LOGS:
            self.connection.execute(text(f"ALTER TABLE {log} {how} TRIGGER append_only"))

    def close(self) -> None:
        self._keep_logs("ENABLE")
        self.connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        self.connection.close()
        self._engine.dispose()


@cache
def _without_new(table: Table) -> str:
    """The statement that deletes the rows that were not kept."""
    same = " AND ".join(f'k."{key.name}" = t."{key.name}"' for key in table.primary_key)
    kept = f'SELECT FROM {SCHEMA}."{table.name}" k WHERE {same}'
    return f'DELETE FROM "{table.name}" t WHERE NOT EXISTS ({kept})'


@cache
def _as_kept(table: Table) -> str:
    """The statement that puts back the rows that are gone or not as they were."""
    names = [f'"{each.name}"' for each in table.c if not each.computed]
    columns, keys = ", ".join(names), ", ".join(f'"{key.name}"' for key in table.primary_key)
    values = ", ".join(f"{name} = excluded.{name}" for name in names)
    return (
        f'INSERT INTO "{table.name}" ({columns}) OVERRIDING SYSTEM VALUE'
        f' (SELECT {columns} FROM {SCHEMA}."{table.name}"'
        f' EXCEPT SELECT {columns} FROM "{table.name}")'
        f" ON CONFLICT ({keys}) DO UPDATE SET {values}"
    )


def _restore() -> str:
    """A function of the database's, so that it plans the statements once."""
    others = [table for table in tables() if table not in WRITTEN]
    steps = [f'DELETE FROM "{table.name}"' for table in reversed(others)]
    # Last what triggers have written of that: in its place comes what they had written.
    steps += map(_fill, others)
    steps += [f"DELETE FROM {written.name};{_fill(written)}" for written in WRITTEN]
    return (
        f"CREATE FUNCTION {SCHEMA}.restore() RETURNS void LANGUAGE plpgsql"
        f" AS $$ BEGIN {';'.join(steps)}; END $$"
    )


def _fill(table: Table) -> str:
    columns = ", ".join(f'"{each.name}"' for each in table.c if not each.computed)
    return (
        f'INSERT INTO "{table.name}" ({columns}) OVERRIDING SYSTEM VALUE'
        f' SELECT {columns} FROM {SCHEMA}."{table.name}"'
    )


def _sum(table: Table) -> str:
    """The statement that sums up a table by owner."""
    owner = (
        "id" if table.name == "tenant" else "tenant_id" if "tenant_id" in table.c else "NULL::int"
    )
    moving = [column.name for column in table.c if column.name in BY_THEMSELVES]
    row = f"(to_jsonb(t) - ARRAY{moving})::text" if moving else "t::text"
    return (
        f"SELECT '{table.name}', {owner}, md5(string_agg({row}, '|' ORDER BY {row}))"
        f' FROM "{table.name}" t GROUP BY 2'
    )
