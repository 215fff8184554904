"""Tells PostgreSQL before each statement for whom it runs, as app/tenancy.py has it then.

All that is told ends with the transaction: a connection hands nothing on to whoever is next, not
even by way of a PgBouncer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import Connection, Cursor, RawCursor
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

from app.row_security.installed import RowSecurity
from app.row_security.roles import Scope, scope
from app.row_security.visibility import viewer
from app.rows.driver_rows import DriverCursor
from app.rows.one_packet import Asked, together
from app.tenancy import looks_across, tenant_id_in_scope

TELL = "SELECT set_config('role', $1, true), set_config('app.tenant', $2, true)"
TELL_VIEWER = f"{TELL}, set_config('app.viewer', $3, true), set_config('app.unassigned', $4, true)"
BEGIN: Asked = ("BEGIN", ())


def bind_sessions(engine: Engine, row_security: RowSecurity) -> None:
    """Bind the transactions of an engine whose connections are in autocommit (psycopg's).

    BEGIN is sent from here, with what is told, and both with the statement where it may be: that
    costs no round trip.
    """
    row_security.watch(engine)
    told: WeakKeyDictionary[Connection[Any], Scope | None] = WeakKeyDictionary()

    @event.listens_for(engine, "do_execute")
    def with_values(cursor: Cursor[Any], statement: str, values: Any, _context: Any) -> bool:
        if not isinstance(cursor, DriverCursor):
            return tell(cursor, statement)
        with heard(cursor.connection, statement) as before:
            cursor.execute_behind(before, statement, values)
        return True

    @event.listens_for(engine, "do_executemany")
    def many_times(cursor: Cursor[Any], statement: str, _values: Any, _context: Any) -> bool:
        return tell(cursor, statement)

    @event.listens_for(engine, "do_execute_no_params")
    def without_values(cursor: Cursor[Any], statement: str, _context: Any) -> bool:
        return tell(cursor, statement)

    def tell(cursor: Cursor[Any], statement: str) -> bool:
        with heard(cursor.connection, statement) as before:
            if before:
                together(cursor.connection, before)
        return False

    @contextmanager
    def heard(connection: Connection[Any], statement: str) -> Iterator[list[Asked]]:
        """What has to be said before the statement; it is told once that went well."""
        status = connection.pgconn.transaction_status
        if status == TransactionStatus.INERROR or statement.startswith("ROLLBACK TO"):
            # A savepoint takes back what was told since.
            told.pop(connection, None)
            yield []
            return
        now, begins = _scope() if row_security.stands else None, status == TransactionStatus.IDLE
        known = not begins and told.get(connection) == now
        yield [BEGIN] * begins + ([_told(now)] if now and not known else [])
        told[connection] = now


def bind_statements(engine: Engine, row_security: RowSecurity) -> None:
    """Bind each statement of an engine without transactions, in its own round trip.

    What a pipeline carries up to its end is one transaction.
    """
    row_security.watch(engine)

    @event.listens_for(engine, "do_execute")
    def with_values(cursor: Cursor[Any], statement: Any, values: Any, _context: Any) -> bool:
        if row_security.stands and isinstance(cursor, DriverCursor):
            cursor.execute_behind([_tell()], statement, values)
            return True
        return bound(cursor, lambda: cursor.execute(statement, values))

    @event.listens_for(engine, "do_executemany")
    def many_times(cursor: Cursor[Any], statement: Any, values: Any, _context: Any) -> bool:
        return bound(cursor, lambda: cursor.executemany(statement, values))

    @event.listens_for(engine, "do_execute_no_params")
    def without_values(cursor: Cursor[Any], statement: Any, _context: Any) -> bool:
        return bound(cursor, lambda: cursor.execute(statement))

    def bound(cursor: Cursor[Any], work: Callable[[], object]) -> bool:
        if not row_security.stands:
            return False
        with cursor.connection.pipeline():
            RawCursor(cursor.connection).execute(*_tell(), prepare=True)
            work()
        return True


def _scope() -> Scope:
    return scope(tenant_id_in_scope(), looks_across(), viewer())


def _tell() -> Asked:
    # Nobody's eyes are told of here: where a viewer is named, policies raise.
    return _told(_scope()._replace(viewer=None))


def _told(now: Scope) -> Asked:
    role, tenant_id, viewer = now
    if viewer is None:
        return TELL, (role, str(tenant_id))
    return TELL_VIEWER, (role, str(tenant_id), str(viewer.user_id), str(viewer.unassigned))
