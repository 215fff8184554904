"""Our role and database in our own PostgreSQL.

`python -m app.servers.own_role` makes them where DATABASE_URL and VAR_DIR say that it runs.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from app.servers import cluster
from app.servers.postgres import DATABASE, ROLE, Postgres

# Which our role takes for its transactions, but may not make (app/row_security).
TAKEN = ("kaivox_tenant", "kaivox_all", "kaivox_assigned")
# The last is one of the first: it sees less of what that sees.
LESS = sql.SQL("GRANT kaivox_tenant TO kaivox_assigned")


def ensure(url: str, admin_password: str) -> None:
    """Make what is missing of what the URL names."""
    server = urlsplit(url)
    with psycopg.connect(
        host=server.hostname,
        port=server.port,
        user=cluster.ADMIN,
        password=admin_password,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        introduce(connection, unquote(server.password or ""))


def introduce(connection: psycopg.Connection[tuple[object, ...]], password: str) -> None:
    """See that our role and database exist; whoever connects is an administrator, in autocommit.

    Our role is no superuser.
    """
    if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).rowcount:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(_role()))
    for name in TAKEN:
        role = sql.Identifier(name)
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).rowcount:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
        connection.execute(sql.SQL("GRANT {} TO {}").format(role, _role()))
    connection.execute(LESS)
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(_role(), sql.Literal(password)))
    if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
        connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(_role()))


def _role() -> sql.Identifier:
    return sql.Identifier(ROLE)


if __name__ == "__main__":
    ensure(os.environ["DATABASE_URL"], Postgres(Path(os.environ["VAR_DIR"])).admin_password)
