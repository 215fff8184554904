"""Rows as psycopg gives them. SQLAlchemy's own way to them costs as much as PostgreSQL takes: an
object for the statement's run, one for its result, and the columns' names and types each time.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from psycopg import Error, ProgrammingError, RawCursor
from sqlalchemy import Connection

from app.rows.one_packet import Asked, together

# Statements whose values are numbered once: psycopg would look for them in a long one each time.
MOST = 500
NAMED = re.compile(r"%\((\w+)\)s")
Found = list[list[tuple[Any, ...]]]


class DriverCursor(RawCursor[Any]):
    """As psycopg's; its statement may go out behind others, of which some are asked with it."""

    ahead: Sequence[Asked] = ()
    found: Found
    """What those ahead and the statement find."""

    def execute_behind(
        self, before: Sequence[Asked], statement: str, values: Sequence[Any]
    ) -> None:
        """All in one packet, on a connection in autocommit. Raises psycopg's errors."""
        self.found = together(self.connection, before, *self.ahead, (statement, values))


def driver_rows(
    connection: Connection, sql: str, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """All that the statement finds; raises as found_together."""
    return found_together(connection, (sql, values))[0]


def found_together(connection: Connection, *statements: tuple[str, Mapping[str, Any]]) -> Found:
    """All that each of the statements finds, sent in one packet, within the connection's
    transaction if it has one. Whoever listens to what it runs (app/row_security does) is told as by
    its own exec_driver_sql, whose errors are raised."""
    sql, values = statements[-1]
    cursor: Any = DriverCursor(connection.connection.driver_connection)  # type: ignore[arg-type]
    try:
        *cursor.ahead, last = [_asked(connection, cursor, *each) for each in statements]
        binds = connection.dialect.dispatch.do_execute
        # One that has run it in its own way says so.
        if not any(bind(cursor, *last, None) for bind in binds):
            cursor.found = [cursor.execute(*each).fetchall() for each in (*cursor.ahead, last)]
        found: Found = cursor.found
        return found
    except Error as error:
        connection._handle_dbapi_exception(error, sql, values, cursor, None)
    finally:
        cursor.close()


def _asked(connection: Connection, cursor: Any, sql: str, values: Mapping[str, Any]) -> Asked:
    for note in connection.dispatch.before_cursor_execute:
        sql, values = note(connection, cursor, sql, values, None, False)
    numbered, names = _numbered(sql)
    return numbered, _in_order(names, values)


@lru_cache(MOST)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement as PostgreSQL reads it, and which values its numbers stand for."""
    names = tuple(dict.fromkeys(NAMED.findall(sql)))
    numbered = NAMED.sub(lambda named: f"${names.index(named[1]) + 1}", sql)
    return numbered.replace("%%", "%"), names


def _in_order(names: Sequence[str], values: Mapping[str, Any]) -> list[Any]:
    try:
        return [_written(values[name]) for name in names]
    except KeyError as missing:
        raise ProgrammingError(f"the statement lacks a value: {missing}") from None


def _written(value: Any) -> Any:
    """Numbers as PostgreSQL writes an array of them: psycopg would ask each for its type."""
    if isinstance(value, list) and all(type(each) is int for each in value):
        return "{" + ",".join(map(str, value)) + "}"
    return value
