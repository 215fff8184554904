"""Makes the roles and policies after each migration, so that no new table can be forgotten."""

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.row_security.installed import MISSING, MISSING_OF_ASSIGNED, ROLES, WITH_ASSIGNED
from app.row_security.roles import ACROSS, ASSIGNED, TENANT

BY_HAND = (
    f"let the database's administrator run: CREATE ROLE {TENANT}; CREATE ROLE {ACROSS};"
    f" CREATE ROLE {ASSIGNED} IN ROLE {TENANT}; GRANT {TENANT}, {ACROSS}, {ASSIGNED} TO %s;"
    " and then `flask --app wsgi db upgrade` again (what is there already need not be made)"
)
# Policies ask them; a database that is older has none (migration 0094).
ASKED = "SELECT to_regproc('message_seen') IS NOT NULL"


def establish(connection: Connection) -> str | None:
    """Make what is missing, within the transaction; None where nothing is missing.

    Else the wall that lacks something is left as it is, and the answer is one line: what to do.
    """
    told = _stand(connection, MISSING, ROLES)
    if told or not connection.exec_driver_sql(ASKED).scalar_one():
        return told
    return _stand(connection, MISSING_OF_ASSIGNED, WITH_ASSIGNED)


def _stand(connection: Connection, sought: str, roles: dict[str, str]) -> str | None:
    try:
        with connection.begin_nested():
            for role in roles.values():
                _make(connection, role)
            missing = connection.exec_driver_sql(sought, roles).scalars().all()
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
