"""Whether this database has row-level security, looked at when a process first connects."""

from pathlib import Path
from typing import Any

import psycopg
import structlog
from sqlalchemy import Engine, event

from app.config import ConfigError, RowLevelSecurity
from app.row_security.roles import ACROSS, ASSIGNED, TENANT

FOLDER = Path(__file__).parent
MISSING = (FOLDER / "missing.sql").read_text()
ROLES = {"tenant": TENANT, "across": ACROSS}
MISSING_OF_ASSIGNED = (FOLDER / "assigned.sql").read_text()
WITH_ASSIGNED = {"tenant": TENANT, "assigned": ASSIGNED}
UPGRADE = "run `flask --app wsgi db upgrade`, which says what it needs"

log = structlog.get_logger()


class RowSecurity:
    """Row-level security as one process finds it, and what the setting asks for."""

    def __init__(self, wanted: RowLevelSecurity) -> None:
        self._wanted = wanted
        self._told = False
        self.stands = False
        self.narrows = False
        """Whether it also hides the conversations of others from whoever sees only their own."""

    def watch(self, engine: Engine) -> None:
        """Look whether it stands whenever the engine connects, until it does.

        Where it must and does not, that raises ConfigError, and there is no connection.
        """
        event.listen(engine, "connect", self._look)

    def _look(self, connection: psycopg.Connection[Any], _record: object) -> None:
        self.stands = self.stands or whole(connection)
        self.narrows = self.narrows or (self.stands and hides_conversations(connection))
        if self.stands:
            return
        if self._wanted == "on":
            connection.close()
            raise ConfigError(f"ROW_LEVEL_SECURITY is on, and the database has none: {UPGRADE}")
        if not self._told:
            self._told = True
            log.warning("row_level_security_missing", next_step=UPGRADE)


def whole(connection: psycopg.Connection[Any]) -> bool:
    """Whether both roles can be taken, and every tenant's table has its policies."""
    return _lacks_nothing(connection, MISSING, ROLES)


def hides_conversations(connection: psycopg.Connection[Any]) -> bool:
    """Likewise with the third role, and the policies that are its own."""
    return _lacks_nothing(connection, MISSING_OF_ASSIGNED, WITH_ASSIGNED)


def _lacks_nothing(
    connection: psycopg.Connection[Any], missing: str, roles: dict[str, str]
) -> bool:
    try:
        with connection.transaction(force_rollback=True):
            for role in roles.values():
                connection.execute(f"SET LOCAL ROLE {role}")
            connection.execute("SET LOCAL ROLE none")
            return connection.execute(missing, roles).fetchone() is None
    except (psycopg.errors.InvalidParameterValue, psycopg.errors.InsufficientPrivilege):
        return False
