"""DATABASE_URL by way of a connection pooler, such as PgBouncer in transaction mode.

There each transaction may have another session of the database's, which strangers had before.
psycopg prepares statements as _pg3_0, _pg3_1 and so on, for every client anew: one that finds such
a name in its session gets the answer to another's statement, and no error. So nothing is prepared
there, and no session is told what would outlast the transaction.
"""

from typing import Any

import structlog
from psycopg import Connection, OperationalError
from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine import ExceptionContext

from app.config import ConfigError

CONNECT_SECONDS = 3
# A host that vanished is noticed within 8 s, whoever's turn it is to speak: ours (tcp_user_timeout,
# in ms) or the database's (keepalives).
LIVELINESS = {
    "connect_timeout": CONNECT_SECONDS,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
# What PgBouncer says where it takes no `options`.
NO_OPTIONS = "unsupported startup parameter"
REFUSAL = (
    "DATABASE_URL leads through a connection pooler (PgBouncer or the like), which may answer one"
    " business with another's rows: set DATABASE_POOLER=transaction, or let DATABASE_URL lead"
    " straight to the database"
)

log = structlog.get_logger()


def connect_args(url: str, pooled: bool, **parameters: str) -> dict[str, Any]:
    """How psycopg connects; what the URL says for itself stands.

    parameters: of PostgreSQL, for each session. Behind a pooler they are not set: there it is for
    the role that signs in to have them (docs/operations.md).
    """
    named = make_url(url).query
    args: dict[str, Any] = {key: value for key, value in LIVELINESS.items() if key not in named}
    if pooled:
        return {**args, "prepare_threshold": None}
    return {**args, "options": " ".join(f"-c {key}={value}" for key, value in parameters.items())}


def watch(pooled: bool, *engines: Engine) -> None:
    """Let no connection be made by way of a pooler of which nobody has told us.

    That raises ConfigError. To look costs each new connection one round trip.
    """
    if pooled:
        event.listen(engines[0], "connect", _tell_of_jit, once=True)
        return
    for engine in engines:
        event.listen(engine, "handle_error", _refuse_options)
        event.listen(engine, "connect", _refuse)


def _refuse_options(context: ExceptionContext) -> None:
    error = context.original_exception
    if isinstance(error, OperationalError) and NO_OPTIONS in str(error):
        raise ConfigError(REFUSAL)


def _refuse(connection: Connection[Any], _record: object) -> None:
    # A pooler makes up the number by which its client cancels; else it is the process of the
    # session.
    process = _asked(connection, "SELECT pg_backend_pid()")
    if process != connection.info.backend_pid:
        connection.close()
        raise ConfigError(REFUSAL)


def _tell_of_jit(connection: Connection[Any], _record: object) -> None:
    """Log what our sessions would have been told: our statements end before they are compiled."""
    if _asked(connection, "SHOW jit") == "on":
        log.warning("jit_is_on", next_step="run ALTER ROLE … SET jit = off for DATABASE_URL's user")


def _asked(connection: Connection[Any], query: str) -> object:
    row = connection.execute(query).fetchone()
    connection.rollback()
    return row and row[0]
