"""A connection to PostgreSQL that keeps what it has prepared over a rollback.

psycopg forgets every prepared statement with each rollback, and lets the server forget it, as a
table may have been made anew in what is rolled back. A request that only reads ends with one: of
its statements none would ever be prepared, and each would be planned anew, which takes longer than
to run it. No request makes tables; a migration does, and it ends its process.
"""

from typing import Any

from psycopg import Connection, errors
from psycopg.pq import ExecStatus, TransactionStatus

# A page asks for twenty of some hundreds; psycopg would keep one hundred.
MOST = 500
OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)


class SteadyConnection(Connection[Any]):
    """As psycopg's, but for its rollback; never within pipelines and its transaction blocks."""

    def rollback(self) -> None:
        """Raises psycopg's errors."""
        if self.pgconn.transaction_status not in OPEN:
            super().rollback()
            return
        with self.lock:
            result = self.pgconn.exec_(b"ROLLBACK")
        if result.status != ExecStatus.COMMAND_OK:
            raise errors.error_from_result(result)


def connect(*args: Any, **options: Any) -> SteadyConnection:
    connection = SteadyConnection.connect(*args, **options)
    connection.prepared_max = MOST
    return connection
