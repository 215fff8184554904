"""Tells PostgreSQL before each statement for whom it runs, as app/tenancy.py has it then.

All that is told ends with the transaction: a connection hands nothing on to whoever is next, not
even by way of a PgBouncer.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import Connection, Cursor, RawCursor, errors
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Engine, event

from app.row_security.installed import RowSecurity
from app.row_security.roles import Scope, scope
from app.row_security.visibility import viewer
from app.rows.driver_rows import DriverCursor
from app.tenancy import looks_across, tenant_id_in_scope

TELL = "SELECT set_config('role', $1, true), set_config('app.tenant', $2, true)"


def bind_sessions(engine: Engine, row_security: RowSecurity) -> None:
    """Bind the transactions of an engine whose connections are in autocommit (psycopg's).

    BEGIN is sent from here, with what is told: that costs no round trip.
    """
    row_security.watch(engine)
    told: WeakKeyDictionary[Connection[Any], Scope | None] = WeakKeyDictionary()

    @event.listens_for(engine, "do_execute")
    @event.listens_for(engine, "do_executemany")
    def with_values(cursor: Cursor[Any], statement: str, _values: Any, _context: Any) -> None:
        tell(cursor.connection, statement)

    @event.listens_for(engine, "do_execute_no_params")
    def without_values(cursor: Cursor[Any], statement: str, _context: Any) -> None:
        tell(cursor.connection, statement)

    def tell(connection: Connection[Any], statement: str) -> None:
        status = connection.pgconn.transaction_status
        if status == TransactionStatus.INERROR or statement.startswith("ROLLBACK TO"):
            # A savepoint takes back what was told since.
            told.pop(connection, None)
            return
        now = _scope() if row_security.stands else None
        if status == TransactionStatus.IDLE:
            _say(connection, f"BEGIN;{_told(now)}")
        elif now and told.get(connection) != now:
            _say(connection, _told(now))
        told[connection] = now


def bind_statements(engine: Engine, row_security: RowSecurity) -> None:
    """Bind each statement of an engine without transactions, in its own round trip.

    What a pipeline carries up to its end is one transaction.
    """
    row_security.watch(engine)

    @event.listens_for(engine, "do_execute")
    def with_values(cursor: Cursor[Any], statement: Any, values: Any, _context: Any) -> bool:
        if row_security.stands and isinstance(cursor, DriverCursor):
            cursor.execute_behind(_tell(), statement, values)
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


def _tell() -> tuple[str, tuple[str, str]]:
    # Nobody's eyes are told of here: where a viewer is named, policies raise.
    role, tenant_id, _ = _scope()
    return TELL, (role, str(tenant_id))


def _told(now: Scope | None) -> str:
    if now is None:
        return ""
    told = f"SET LOCAL ROLE {now.role};SET LOCAL app.tenant = '{now.tenant_id}'"
    if now.viewer is None:
        return told
    user_id, unassigned = now.viewer
    return f"{told};SET LOCAL app.viewer = '{user_id}';SET LOCAL app.unassigned = '{unassigned}'"


def _say(connection: Connection[Any], commands: str) -> None:
    """As its execute, without a cursor: each transaction begins with it."""
    with connection.lock:
        result = connection.pgconn.exec_(commands.encode())
    if result.status != ExecStatus.COMMAND_OK:
        raise errors.error_from_result(result)
