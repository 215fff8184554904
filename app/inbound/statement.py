"""SQL files that store what a webhook told: whole or not at all, in autocommit."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound, OperationalError

from app.extensions import direct_engine
from app.rows.driver_rows import driver_rows
from app.tenancy import tenant_scope

# Each try but the last loses to somebody who has just stored the same person or row, so the
# next one finds it; more than a few in a row mean something else is wrong.
TRIES = 10
# From a line of a comment to another.
BRACKETS = re.compile(r"-- \[\n.*?-- \]\n", re.DOTALL)
BRACES = re.compile(r"-- \{\n.*?-- \}\n", re.DOTALL)


def statement(name: str, usual: bool = False, named: bool = False) -> str:
    """The statement in the file of that name beside this one; usual: without what stands in
    brackets there; named: with what stands in braces."""
    # As short as can be: psycopg parses what is longer than 4,096 characters at each call anew.
    text = (Path(__file__).parent / name).read_text()
    text = BRACKETS.sub("", text) if usual else text
    lines = (text if named else BRACES.sub("", text)).splitlines()
    words = " ".join(" ".join(line.partition("--")[0] for line in lines).split())
    return re.sub(r" ?([(),=<>]+) ?", r"\1", words)


def extended(sql: str, name: str) -> str:
    """The statement with the parts of that file before its last SELECT. What is stored seldom may
    be longer."""
    parts, _, last = sql.rpartition(")SELECT ")
    return f"{parts}){statement(name)}SELECT {last}"


def ended(sql: str, name: str) -> str:
    """The same with that file's own last SELECT."""
    return f"{sql.rpartition(')SELECT ')[0]}){statement(name)}"


def store(sql: str, tenant_id: int, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Run the statement for the tenant; its one row. It must find what an earlier run stored.

    Raises SQLAlchemy's errors when the database does not take it.
    """
    row = store_if(sql, tenant_id, values)
    if row is None:
        raise NoResultFound
    return row


def store_if(sql: str, tenant_id: int, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The same; None of a statement that is not made for what it found, and has stored nothing."""
    with tenant_scope(tenant_id):
        for tried in range(1, TRIES):
            try:
                return _execute(sql, values)
            except DBAPIError as error:
                if not _worth_another_try(error, tried):
                    raise
        return _execute(sql, values)


def _worth_another_try(error: DBAPIError, tried: int) -> bool:
    # The statement finds what it stored itself, so a lost connection can be tried again too: once,
    # as the next one is new, and a pooler may let each wait.
    lost_a_race = isinstance(error, IntegrityError) or isinstance(error.orig, DeadlockDetected)
    lost = isinstance(error, OperationalError) and error.connection_invalidated
    return lost_a_race or (lost and tried == 1)


def _execute(sql: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    with direct_engine().connect() as connection:
        found = driver_rows(connection, sql, values)
        return found[0] if found else None
