"""Every tenant's table has its policies, whoever forgets; and where they cannot be, it is said."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import flask_migrate
import psycopg
import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from app import create_app
from app.config import ConfigError
from app.extensions import db
from app.factory import check_row_security
from app.models import Customer
from app.row_security.establish import establish
from app.row_security.installed import RowSecurity, whole
from app.row_security.roles import ACROSS, ASSIGNED, TENANT
from app.servers import Urls, embedded
from app.servers.own_role import TAKEN
from app.tenancy import tenant_scope
from tests.architecture.test_tenants_tables import SHARED, owned_tables
from tests.support import owner

POLICIES = """
SELECT tablename, policyname, cmd, roles::text[], qual, with_check FROM pg_policies
WHERE schemaname = current_schema() AND permissive = 'PERMISSIVE'
"""
BOUND = "SELECT relname FROM pg_class WHERE relrowsecurity"
NOW = "(current_setting('app.tenant'::text))::integer"


def test_every_tenants_table_has_its_policies_and_no_other_table_has(app: Flask) -> None:
    with owner.engine().connect() as connection:
        found = {tuple(map(str, row)) for row in connection.exec_driver_sql(POLICIES)}
        bound = set(connection.exec_driver_sql(BOUND).scalars())
    expected = set()
    for table in owned_tables():
        key = "COALESCE(tenant_id, 0)" if table.c.tenant_id.nullable else "tenant_id"
        asked = f"({key} = {NOW})"
        expected.add((table.name, "of_one_tenant", "ALL", f"['{TENANT}']", asked, "None"))
        expected.add((table.name, "across_tenants", "ALL", f"['{ACROSS}']", "true", "None"))
    assert found == expected
    assert bound == {table.name for table in owned_tables()}
    assert not bound & SHARED


def test_a_table_that_a_migration_adds_gets_its_policies_by_itself(app: Flask) -> None:
    engine = create_engine(db.engine.url, poolclass=NullPool)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver and whole(driver)
        connection.exec_driver_sql("CREATE TABLE new (id serial, tenant_id int NOT NULL)")
        assert not whole(driver)
        assert establish(connection) is None
        assert whole(driver)
        connection.exec_driver_sql(f"SET LOCAL ROLE {TENANT}; SET LOCAL app.tenant = 7")
        connection.exec_driver_sql("INSERT INTO new (tenant_id) VALUES (7)")
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.exec_driver_sql("INSERT INTO new (tenant_id) VALUES (8)")
        connection.rollback()


def test_our_own_server_makes_the_roles_that_are_taken() -> None:
    assert set(TAKEN) == {TENANT, ACROSS, ASSIGNED}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """Servers whose administrator has made no roles for us."""
    folder = tmp_path_factory.mktemp("cluster")
    with embedded(folder, durable=False) as urls:
        password = (folder / "postgres.admin_password").read_text().strip()
        url = make_url(urls.database).set(
            drivername="postgresql", username="postgres", password=password
        )
        with psycopg.connect(url.render_as_string(False), autocommit=True) as connection:
            connection.execute(f"DROP ROLE {ASSIGNED}; DROP ROLE {TENANT}; DROP ROLE {ACROSS}")
            _admins.append(connection)
            yield urls
            _admins.clear()


_admins: list[psycopg.Connection[tuple[object, ...]]] = []
Program = Callable[..., AbstractContextManager[Flask]]


@pytest.fixture
def program(cluster: Urls, environ: dict[str, str]) -> Iterator[Program]:
    """Makes the program on an empty database whose owner may do what is said, and no more."""
    name = f"plain_{secrets.token_hex(4)}"
    admin(f"CREATE ROLE {name} LOGIN PASSWORD 'x'", f"CREATE DATABASE {name} OWNER {name}")
    url = make_url(cluster.database).set(username=name, password="x", database=name)
    address = url.render_as_string(hide_password=False)

    @contextmanager
    def make(wanted: str, may: str = "") -> Iterator[Flask]:
        admin(f"ALTER ROLE {name} {may}") if may else None
        app = create_app(environ | {"DATABASE_URL": address, "ROW_LEVEL_SECURITY": wanted})
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
        app.extensions["direct_engine"].dispose()

    yield make
    admin(f"DROP DATABASE {name} WITH (FORCE)")
    admin(*(f"DROP ROLE IF EXISTS {role}" for role in (ASSIGNED, TENANT, ACROSS)))
    admin(f"DROP ROLE {name}")


def admin(*statements: str) -> None:
    for statement in statements:
        _admins[0].execute(statement)


def stands(app: Flask) -> bool:
    """As a program finds it that works: with the tables there, and one business in one."""
    with tenant_scope(1):
        assert db.session.scalars(select(Customer.id)).all() == []
        role = db.session.execute(text("SELECT current_user")).scalar_one()
    row_security: RowSecurity = app.extensions["row_security"]
    assert row_security.stands == (role == TENANT)
    return row_security.stands


def test_an_owner_who_may_make_roles_makes_them(program: Program) -> None:
    with program("auto", may="CREATEROLE") as app:
        flask_migrate.upgrade()
        flask_migrate.upgrade()
        assert stands(app)


def test_without_roles_it_is_said_and_the_first_wall_stands_alone(
    program: Program, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with program("auto") as app:
        flask_migrate.upgrade()
        [line] = [line for line in capsys.readouterr().err.splitlines() if "security" in line]
        assert f"CREATE ROLE {TENANT}" in line and "administrator" in line
        check_row_security(app)
        assert not stands(app)
        said = [each for each in caplog.messages if "row_level_security_missing" in each]
        assert len(said) == 1 and "db upgrade" in said[0]


def test_what_the_line_says_helps(program: Program, capsys: pytest.CaptureFixture[str]) -> None:
    with program("auto") as app:
        flask_migrate.upgrade()
        told = re.search(r"run: (.*; GRANT .*?);", capsys.readouterr().err)
        assert told
        admin(*told[1].split("; "))
        flask_migrate.upgrade()
        assert stands(app)


def test_a_database_whose_roles_were_made_by_hand_before_the_third_keeps_its_wall(
    program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    with program("auto") as app:
        name = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).username
        admin(f"CREATE ROLE {TENANT}", f"CREATE ROLE {ACROSS}")
        admin(f"GRANT {TENANT}, {ACROSS} TO {name}")
        flask_migrate.upgrade()
        assert f"CREATE ROLE {ASSIGNED} IN ROLE {TENANT}" in capsys.readouterr().err
        assert stands(app) and not app.extensions["row_security"].narrows
        admin(f"CREATE ROLE {ASSIGNED} IN ROLE {TENANT}", f"GRANT {ASSIGNED} TO {name}")
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
        assert stands(app) and app.extensions["row_security"].narrows


def test_who_asks_for_it_gets_nothing_without_it(program: Program) -> None:
    with program("on") as app:
        with pytest.raises(SystemExit, match="CREATE ROLE"):
            flask_migrate.upgrade()
        with pytest.raises(ConfigError, match="ROW_LEVEL_SECURITY is on"):
            check_row_security(app)
        with pytest.raises(ConfigError):
            db.session.scalar(select(Customer.id))
    with program("on", may="CREATEROLE") as app:
        flask_migrate.upgrade()
        check_row_security(app)
        assert stands(app)


def test_who_wants_none_has_none(program: Program) -> None:
    with program("off", may="CREATEROLE") as app:
        flask_migrate.upgrade()
        assert not stands(app)
        assert db.session.execute(text("SELECT count(*) FROM pg_policies")).scalar_one() == 0


def test_a_database_that_is_away_is_looked_at_once_it_is_back(
    program: Program, environ: dict[str, str]
) -> None:
    away = {"DATABASE_URL": "postgresql://x@127.0.0.1:9/x", "ROW_LEVEL_SECURITY": "on"}
    check_row_security(create_app(environ | away))
