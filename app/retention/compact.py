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
from psycopg.errors import QueryCanceled
from psycopg.sql import SQL

from app.extensions import direct_engine
from app.retention.pace import STATEMENT_TIMEOUT, Pace, TooLong

Connection = psycopg.Connection[Any]

# What is set to what it is, so that a row is written anew elsewhere, with what lies beside its
# table (TOAST); no trigger and no key has to do with it.
TABLES = {
    "message": "recovered = recovered",
    "message_words": "at = at",
    "received_email": "whole = whole || '', html = html || ''",
    "media": "content = content || ''",
}
# So many pages at the end are looked through at once; a table is gone through so often.
WINDOW, ROUNDS = 64, 4
# A row finds room on its own page until that is full of what it was: so often it is written.
MOST_VERSIONS = 300


LEAVES = """
SELECT relid::regclass::text FROM pg_partition_tree(%(table)s) WHERE isleaf
UNION
SELECT oid::regclass::text FROM pg_class WHERE oid = %(table)s::regclass AND relkind = 'r'
"""
SIZE = "SELECT pg_total_relation_size(%s::regclass)"
PAGES = "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int"
ROWS = "SELECT ctid::text FROM {} WHERE ctid >= %s::tid AND ctid < %s::tid ORDER BY ctid DESC"
MOVE = """
UPDATE {} SET {} WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM {} WHERE ctid = ANY(%s::tid[]) FOR NO KEY UPDATE SKIP LOCKED
)) RETURNING ctid::text
"""
# No disk is waited for with locks in hand: what is lost with a server that dies is where it was.
LIMIT = """
SELECT set_config('statement_timeout', %s, true), set_config('synchronous_commit', 'off', true)
"""


class NoRoom(Exception):
    """Rows would come to stand behind where they are."""


class Compacted(NamedTuple):
    """A table, or a partition of one, with its bytes before and after, indexes and all."""

    table: str
    before: int
    after: int


def compact(pace: Pace) -> Iterator[Compacted]:
    """Table after table, each told when it is done; as whoever owns them. Raises psycopg.Error."""
    url = direct_engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        for table, same in TABLES.items():
            for (leaf,) in connection.execute(LEAVES, {"table": table}).fetchall():
                yield _Table(connection, leaf, same, pace).compact()


class _Table:
    """A table that has a file of its own."""

    def __init__(self, connection: Connection, name: str, same: str, pace: Pace) -> None:
        self._connection, self._name, self._pace = connection, name, pace
        table = SQL(name)
        self._move = SQL(MOVE).format(table, SQL(same), table)
        self._rows = SQL(ROWS).format(table)

    def compact(self) -> Compacted:
        before = self._number(SIZE)
        self._shorten()
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
            while last > 0:
                first = max(last - WINDOW, 0)
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
        with self._pace.timed(), suppress(QueryCanceled, TooLong), self._connection.transaction():
            self._connection.execute(LIMIT, [STATEMENT_TIMEOUT])
            for _ in range(MOST_VERSIONS):
                if not rows:
                    return True
                places = self._connection.execute(self._move, [rows]).fetchall()
                rows = [place for (place,) in places if _page(place) >= pages.start]
                if any(_page(place) >= pages.stop for place in rows):
                    raise NoRoom
                self._pace.check()
            raise NoRoom
        return False

    def _vacuum(self) -> None:
        self._connection.execute(SQL("VACUUM (ANALYZE) {}").format(SQL(self._name)))

    def _number(self, query: str) -> int:
        row = self._connection.execute(query, [self._name]).fetchone()
        return int(row[0]) if row else 0


def _tid(page: int) -> str:
    return f"({page},0)"


def _page(tid: str) -> int:
    """Of a row's place, such as (3093,7)."""
    return int(tid[1:].partition(",")[0])
