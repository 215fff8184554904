"""Raises the second wall after each migration, so that no new table can be forgotten."""

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.row_security.installed import MISSING, ROLES
from app.row_security.roles import ACROSS, TENANT

BY_HAND = (
    f"let the database's administrator run: CREATE ROLE {TENANT}; CREATE ROLE {ACROSS};"
    f" GRANT {TENANT}, {ACROSS} TO %s; and then `flask --app wsgi db upgrade` again"
)


def establish(connection: Connection) -> str | None:
    """Make what is missing, within the transaction; None where the wall is whole.

    Else nothing is changed, and the answer is one line: what to do.
    """
    try:
        with connection.begin_nested():
            for role in ROLES.values():
                _make(connection, role)
            missing = connection.exec_driver_sql(MISSING, ROLES).scalars().all()
            for statement in missing:
                connection.exec_driver_sql(statement.replace("%", "%%"))
    except DBAPIError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        user: str = connection.exec_driver_sql("SELECT quote_ident(current_user)").scalar_one()
        return BY_HAND % user
    return None


def _make(connection: Connection, role: str) -> None:
    known = connection.exec_driver_sql(
        "SELECT FROM pg_roles WHERE rolname = %(role)s", {"role": role}
    )
    if known.first() is None:
        connection.exec_driver_sql(f"CREATE ROLE {role} NOLOGIN")
    if not _can_take(connection, role):
        connection.exec_driver_sql(f"GRANT {role} TO CURRENT_USER")


def _can_take(connection: Connection, role: str) -> bool:
    # Since PostgreSQL 16 whoever makes a role is its administrator, and may not take it by that.
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
            connection.exec_driver_sql("SET LOCAL ROLE none")
    except DBAPIError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        return False
    return True
