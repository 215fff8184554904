"""The database as who owns the tables sees it: no policy of row-level security binds it."""

from functools import cache

from sqlalchemy import URL, Engine, create_engine

from app.extensions import db


def engine() -> Engine:
    """Its connections are in autocommit."""
    return _engine(db.engine.url)


@cache
def _engine(url: URL) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT")


def run(statements: str) -> None:
    """Run what needs no answer: all of it, or nothing."""
    with engine().connect() as connection:
        connection.connection.cursor().execute(statements, prepare=False)
