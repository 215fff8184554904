"""A connection to PostgreSQL that keeps what it has prepared over a rollback.

psycopg forgets every prepared statement with each rollback, and lets the server forget it, as a
table may have been made anew in what is rolled back. A request that only reads ends with one: of
its statements none would ever be prepared, and each would be planned anew, which takes longer than
to run it. No request makes tables; a migration does, and it ends its process.
"""

from select import POLLIN, poll
from time import monotonic
from typing import Any

from psycopg import Connection, errors
from psycopg._preparing import PrepareManager
from psycopg.pq import ExecStatus, TransactionStatus

# A page asks for twenty of some hundreds; psycopg would keep one hundred.
MOST = 500
OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
# Seconds after its last use within which a server that falls silent is not noticed anyway.
FRESH = 5


class _KeepsAll(PrepareManager):
    def _should_discard(self, *_what: Any) -> bool:
        """Nor after ROLLBACK TO, by which a savepoint ends."""
        return False


class SteadyConnection(Connection[Any]):
    """As psycopg's, but for its rollback; never within pipelines and its transaction blocks."""

    used_at = 0.0
    """When its last transaction ended, by monotonic()."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._prepared = _KeepsAll()
        self._prepared.prepared_max = MOST

    def check(self) -> None:
        """Raise psycopg's error where it is gone. Who was just used, and has heard nothing since
        (a server that ends says so), is not asked: that would be a round trip for each request."""
        heard = poll()
        heard.register(self.pgconn.socket, POLLIN)
        if monotonic() - self.used_at > FRESH or heard.poll(0):
            with self.lock:
                result = self.pgconn.exec_(b"")
            if result.status != ExecStatus.EMPTY_QUERY:
                raise errors.error_from_result(result)

    def rollback(self) -> None:
        """Raises psycopg's errors."""
        self.used_at = monotonic()
        if self.pgconn.transaction_status not in OPEN:
            super().rollback()
            return
        with self.lock:
            result = self.pgconn.exec_(b"ROLLBACK")
        if result.status != ExecStatus.COMMAND_OK:
            raise errors.error_from_result(result)


def connect(*args: Any, **options: Any) -> SteadyConnection:
    return SteadyConnection.connect(*args, **options)
