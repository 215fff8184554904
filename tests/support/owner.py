"""The database as who owns the tables sees it: no policy of row-level security binds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import URL, Engine, Select, create_engine

from app.extensions import db


def engine() -> Engine:
    """Its connections are in autocommit."""
    return _engine(db.engine.url)


@cache
def _engine(url: URL) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT")


@contextmanager
def holding(rows: Select[Any]) -> Iterator[None]:
    """Somebody has those rows locked, as the statement says; a test needs there to be some."""
    with engine().connect().execution_options(isolation_level="READ COMMITTED") as connection:
        assert connection.execute(rows).all()
        yield


def run(statements: str) -> None:
    """Run what needs no answer: all of it, or nothing."""
    with engine().connect() as connection:
        connection.connection.cursor().execute(statements, prepare=False)
