"""What a connection has prepared outlasts a rollback; what a transaction did does not."""

from collections.abc import Iterator

import pytest
from psycopg import errors
from sqlalchemy import text

from app.extensions import db
from app.lib.steady_connection import FRESH, SteadyConnection, connect
from tests.support import owner
from tests.support.world import Business

PREPARED = "SELECT count(*) FROM pg_prepared_statements"


@pytest.fixture
def connection(salon: Business) -> Iterator[SteadyConnection]:
    url = db.engine.url.set(drivername="postgresql")
    made = connect(url.render_as_string(hide_password=False))
    made.autocommit = True
    yield made
    made.close()


def _prepared(connection: SteadyConnection) -> int:
    row = connection.execute(PREPARED, prepare=False).fetchone()
    assert row
    return int(row[0])


def test_a_rollback_undoes_and_leaves_what_is_prepared(connection: SteadyConnection) -> None:
    connection.execute("BEGIN")
    connection.execute("CREATE TEMPORARY TABLE gone ()")
    connection.execute("SELECT 1", prepare=True)
    connection.rollback()
    assert _prepared(connection) == 1
    with pytest.raises(errors.UndefinedTable):
        connection.execute("SELECT FROM gone")


def test_a_savepoint_that_is_taken_back_leaves_what_is_prepared(
    connection: SteadyConnection,
) -> None:
    connection.execute("BEGIN")
    connection.execute("SAVEPOINT point")
    connection.execute("SELECT 1", prepare=True)
    connection.execute("ROLLBACK TO point")
    assert _prepared(connection) == 1 and connection.prepared_max > 100


def test_a_transaction_that_failed_ends_as_well(connection: SteadyConnection) -> None:
    connection.execute("BEGIN")
    connection.execute("SELECT 1", prepare=True)
    with pytest.raises(errors.DivisionByZero):
        connection.execute("SELECT 1/0")
    connection.rollback()
    connection.rollback()
    assert _prepared(connection) == 1


def test_a_connection_that_is_gone_says_so(connection: SteadyConnection) -> None:
    connection.execute("BEGIN")
    with pytest.raises(errors.OperationalError):
        connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(errors.OperationalError):
        connection.rollback()
    assert connection.closed


@pytest.mark.parametrize("rested", [0, 2 * FRESH])
def test_a_request_gets_none_that_ended_while_nobody_used_it(salon: Business, rested: int) -> None:
    """Whether it was used a moment ago, and has heard of its end, or long ago, and is asked."""
    before = db.session.scalar(text("SELECT pg_backend_pid()"))
    made = db.session.connection().connection.driver_connection
    assert isinstance(made, SteadyConnection)
    db.session.remove()
    made.used_at -= rested
    owner.run(f"SELECT pg_terminate_backend({before}, 10000)")
    assert db.session.scalar(text("SELECT pg_backend_pid()")) != before


def test_the_sessions_of_requests_have_such_connections(salon: Business) -> None:
    made = db.session.connection().connection.driver_connection
    assert isinstance(made, SteadyConnection)
    db.session.remove()
