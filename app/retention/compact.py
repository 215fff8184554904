"""Gives disk back to the operating system after much was deleted.

VACUUM alone lets new rows have the room of old ones; a file gets shorter where its end is free, and
old rows lie at its beginning. So rows are moved from the end into free room further ahead (as
pgcompacttable does it), in batches as short as those of deletions, until VACUUM can cut the end
off. Indexes are made anew beside the old ones (REINDEX CONCURRENTLY). Nobody is kept from reading
or writing meanwhile.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import psycopg
from psycopg.errors import NoDataFound, QueryCanceled
from psycopg.sql import SQL, Composed, Literal

from app.extensions import direct_engine
from app.retention.pace import STATEMENT_TIMEOUT, Pace

Connection = psycopg.Connection[Any]

# What is set to what it is, so that a row is written anew; no trigger and no key has to do with it.
TABLES = {
    "message": "recovered = recovered",
    "message_words": "at = at",
    "received_email": "is_reply = is_reply",
    "media": "attempts = attempts",
}
# What lies beside its table (TOAST) is written anew with these.
BESIDE = {
    "received_email": "whole = whole || '', html = html || ''",
    "media": "content = content || ''",
}
# So many pages at the end are looked through at once; a table is gone through so often.
WINDOW, ROUNDS = 16, 4


LEAVES = """
SELECT relid::regclass::text FROM pg_partition_tree(%(table)s) WHERE isleaf
UNION
SELECT oid::regclass::text FROM pg_class WHERE oid = %(table)s::regclass AND relkind = 'r'
"""
SIZE = "SELECT pg_total_relation_size(%s::regclass)"
PAGES = "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int"
ROWS = "SELECT ctid::text FROM {} WHERE ctid >= %s::tid AND ctid < %s::tid ORDER BY ctid DESC"
# One statement, so that rows are held for no round trip. A row finds room on its own page until
# that is full of what it was: it is written again and again until it is before the first page.
MOVE = """
DO $$ DECLARE
    rows tid[] := {rows}::text[]::tid[];
    behind boolean;
BEGIN
    FOR turn IN 1..300 LOOP
        WITH moved AS (
            UPDATE {table} SET {same} WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM {table} WHERE ctid = ANY(rows) FOR NO KEY UPDATE SKIP LOCKED
            )) RETURNING ctid AS place
        )
        SELECT array_agg(place) FILTER (WHERE place >= {first}::tid), bool_or(place >= {last}::tid)
        INTO rows, behind FROM moved;
        EXIT WHEN behind OR rows IS NULL;
    END LOOP;
    IF behind OR rows IS NOT NULL THEN
        RAISE no_data_found;
    END IF;
    PERFORM set_config(
        'app.held', extract(epoch FROM clock_timestamp() - statement_timestamp())::text, false
    );
END $$
"""
WRITE = """
UPDATE {table} SET {same} WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM {table} WHERE ctid = ANY(%s::tid[]) FOR NO KEY UPDATE SKIP LOCKED
))
"""
BESIDE_SIZE = "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = %s::regclass"
HELD = "SELECT current_setting('app.held')::float"


class NoRoom(Exception):
    """Rows would come to stand behind where they are."""


class Compacted(NamedTuple):
    """A table, or a partition of one, with its bytes before and after, indexes and all."""

    table: str
    before: int
    after: int


def compact(pace: Pace) -> Iterator[Compacted]:
    """Table after table, each told when it is done; as whoever owns them. Raises psycopg.Error."""
    with _connected() as connection, _connected(statement_timeout=STATEMENT_TIMEOUT) as hurried:
        for table, same in TABLES.items():
            for (leaf,) in connection.execute(LEAVES, {"table": table}).fetchall():
                yield _Table(connection, hurried, leaf, same, pace).compact(BESIDE.get(table))


def _connected(**parameters: str) -> Connection:
    """No disk is waited for with rows in hand: what is lost with a server that dies is where it
    was."""
    url = direct_engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    wanted = {"synchronous_commit": "off", **parameters}
    options = " ".join(f"-c {name}={value}" for name, value in wanted.items())
    return psycopg.connect(url, autocommit=True, options=options)


class _Table:
    """A table that has a file of its own."""

    def __init__(
        self, connection: Connection, hurried: Connection, name: str, same: str, pace: Pace
    ) -> None:
        self._connection, self._hurried, self._name, self._pace = connection, hurried, name, pace
        self._same = SQL(same)
        self._rows = SQL(ROWS).format(SQL(name))

    def compact(self, beside: str | None) -> Compacted:
        before = self._number(SIZE)
        self._shorten()
        if beside:
            self._rewrite(SQL(beside))
            self._vacuum()
        self._connection.execute(SQL("REINDEX TABLE CONCURRENTLY {}").format(SQL(self._name)))
        return Compacted(self._name, before, self._number(SIZE))

    def _shorten(self) -> None:
        """Until there is no more to gain."""
        self._vacuum()
        for _ in range(ROUNDS):
            before = self._number(PAGES)
            self._move_the_end(before)
            self._vacuum()
            if self._number(PAGES) > before * 0.95:
                return

    def _move_the_end(self, last: int) -> None:
        """Window after window towards the beginning, until there is no room before it."""
        with suppress(NoRoom):
            # The first ones have nothing before them.
            while (first := last - WINDOW) > 0:
                window = (_tid(first), _tid(last))
                rows = self._connection.execute(self._rows, window).fetchall()
                self._clear([tid for (tid,) in rows], range(first, last))
                last = first

    def _clear(self, rows: list[str], pages: range) -> None:
        """Move the rows before the pages that they are on; what others hold stays, and so does one
        that alone takes too long. Raises NoRoom."""
        while rows:
            some, rest = rows[: self._pace.at_once], rows[self._pace.at_once :]
            if self._moved(some, pages) or len(some) == 1:
                rows = rest

    def _moved(self, rows: list[str], pages: range) -> bool:
        """False: it took too long, and they are where they were. Raises NoRoom."""
        move = SQL(MOVE).format(
            table=SQL(self._name),
            same=self._same,
            rows=Literal(rows),
            first=Literal(_tid(pages.start)),
            last=Literal(_tid(pages.stop)),
        )
        try:
            if not self._timed(move):
                return False
        except NoDataFound:
            raise NoRoom from None
        held = self._hurried.execute(HELD).fetchone()
        self._pace.held(held[0] if held else 0.0)
        return True

    def _rewrite(self, beside: SQL) -> None:
        """Write what lies beside the table anew, the last rows first, into free room as long as
        there is any: once its file grows there is none."""
        last, room = self._number(PAGES), self._number(BESIDE_SIZE)
        rows = self._connection.execute(self._rows, (_tid(0), _tid(last))).fetchall()
        waiting = [tid for (tid,) in rows]
        write = SQL(WRITE).format(table=SQL(self._name), same=beside)
        while waiting and self._number(BESIDE_SIZE) <= room:
            some, waiting = waiting[: self._pace.at_once], waiting[self._pace.at_once :]
            if not self._timed(write, [some]) and len(some) > 1:
                waiting = some + waiting

    def _timed(self, statement: Composed, values: list[Any] | None = None) -> bool:
        """False: it took too long, and nothing was changed."""
        with self._pace.timed():
            try:
                self._hurried.execute(statement, values)
            except QueryCanceled:
                return False
        return True

    def _vacuum(self) -> None:
        self._connection.execute(SQL("VACUUM (ANALYZE) {}").format(SQL(self._name)))

    def _number(self, query: str) -> int:
        row = self._connection.execute(query, [self._name]).fetchone()
        return int(row[0]) if row else 0


def _tid(page: int) -> str:
    return f"({page},0)"
