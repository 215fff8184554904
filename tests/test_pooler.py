"""By way of a real PgBouncer in transaction mode, whose one session all clients share."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.config import ConfigError
from app.extensions import db
from app.factory import check_row_security
from app.models import Customer
from app.pooler import connect_args
from app.prepared import Prepared
from app.tenancy import tenant_scope
from tests.support import pgbouncer, twilio
from tests.support.world import Business

LEFT = """
SELECT (SELECT count(*) FROM pg_prepared_statements), current_user = session_user,
  current_setting('app.tenant', true), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')
"""
# Locks of a session, LISTEN, temporary tables, cursors WITH HOLD, and settings without LOCAL.
OUTLASTS = re.compile(
    r"advisory_(?!xact_)\w*lock|\bLISTEN \w|\bCREATE TEMP|\bWITH HOLD\b|\bSET SESSION\b"
    r"|\b(execute|exec_driver_sql)\(f?\"SET (?!LOCAL)|set_config\([^)]*, ?(False|false)\)"
)
_IDS = Prepared(int, select(Customer.id))


@pytest.fixture(scope="module", params=[(), ("ignore_startup_parameters = options",)])
def pooler(request: pytest.FixtureRequest, environ: dict[str, str]) -> Iterator[str]:
    """As it is shipped, which refuses `options`; and as it drops them without a word."""
    with pgbouncer.running(environ["DATABASE_URL"], *request.param) as url:
        yield url


@pytest.fixture
def pooled(app: Flask, salon: Business, environ: dict[str, str]) -> Iterator[Flask]:
    """The program, as one that is told of the pooler."""
    with pgbouncer.running(environ["DATABASE_URL"]) as url:
        told = {"DATABASE_URL": url, "DATABASE_POOLER": "transaction", "ROW_LEVEL_SECURITY": "on"}
        made = create_app(environ | told)
        db.session.remove()
        with made.app_context():
            yield made
            db.session.remove()
            db.engine.dispose()
        made.extensions["direct_engine"].dispose()


def test_a_client_gets_the_answer_to_a_strangers_statement(pooler: str) -> None:
    """Why it is refused."""
    ours, theirs = (psycopg.connect(pooler, autocommit=True) for _ in range(2))
    with ours, theirs:
        ours.execute("SELECT 'a customer of ours'", prepare=True)
        # As in another session of the pooler's, which has prepared nothing yet.
        theirs.execute("DEALLOCATE ALL")
        theirs.execute("SELECT 'a customer of theirs'", prepare=True)
        row = ours.execute("SELECT 'a customer of ours'", prepare=True).fetchone()
    assert row == ("a customer of theirs",)


def test_the_program_does_not_start_by_way_of_a_pooler_that_it_is_not_told_of(
    pooler: str, environ: dict[str, str]
) -> None:
    made = create_app(environ | {"DATABASE_URL": pooler})
    with pytest.raises(ConfigError, match="set DATABASE_POOLER=transaction"):
        check_row_security(made)
    with made.app_context(), pytest.raises(ConfigError, match="set DATABASE_POOLER=transaction"):
        db.session.scalar(select(1))


def test_no_business_sees_anothers_rows_though_both_share_one_session(
    pooled: Flask, salon: Business, garage: Business
) -> None:
    def seen(business: Business) -> set[int]:
        with pooled.app_context(), tenant_scope(business.id):
            found = set(_IDS.all()) | set(db.session.scalars(select(Customer.id)))
            db.session.remove()
            return found

    for business in (salon, garage):
        assert twilio.text(business, "Hello").status_code == 200
    with ThreadPoolExecutor(6) as crowd:
        found = list(crowd.map(lambda n: seen((salon, garage)[n % 2]), range(120)))
    ours, theirs = (set(map(frozenset, found[n::2])) for n in range(2))
    assert len(ours) == len(theirs) == 1
    assert found[0] and found[1] and not found[0] & found[1]


def test_nothing_outlasts_a_transaction(pooled: Flask, salon: Business) -> None:
    for _ in range(8):
        with tenant_scope(salon.id):
            assert _IDS.all()
            db.session.commit()
        assert twilio.text(salon, "Hello").status_code == 200
    with pooled.extensions["direct_engine"].connect() as connection:
        driver = connection.connection.driver_connection
        assert driver.execute(LEFT).fetchone() == (0, True, "", 0)


def test_what_the_url_says_for_itself_stands() -> None:
    url = "postgresql://u@a/db?tcp_user_timeout=9000&connect_timeout=7"
    args = connect_args(url, pooled=False, jit="off")
    assert not args.keys() & {"tcp_user_timeout", "connect_timeout"}
    assert args["keepalives_idle"] and args["options"] == "-c jit=off"
    assert "options" not in connect_args(url, pooled=True, jit="off")


def test_nothing_is_asked_of_a_session_that_would_outlast_its_transaction() -> None:
    found = {
        f"{path}: {line.strip()}"
        for folder in ("app", "admin_views", "jobs", "migrations")
        for path in Path(folder).rglob("*")
        if path.suffix in (".py", ".sql") and path.parts[1] not in ("simulator", "servers")
        for line in path.read_text().splitlines()
        if OUTLASTS.search(line)
    }
    assert not found


def test_what_needs_a_session_of_its_own_is_not_done_behind_a_pooler(pooled: Flask) -> None:
    told = pooled.test_cli_runner().invoke(args=["database", "compact"])
    assert told.exit_code == 1
    assert "DATABASE_POOLER is set" in told.output
