"""The migrations are one numbered line that goes up, down and up again; the code before each one
goes on working, as it runs meanwhile in a rolling deploy."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url

import wsgi
from app.extensions import db
from app.servers import Urls
from tests.support.schema_steps import Steps, broken

# What the code before may fail by, and why that does no harm. Nothing new belongs here but what no
# code of the release before names any more.
EARLY = "older than rolling deploys: there was one host, stopped meanwhile"
WIDER = "it takes all that the key before took, which no statement names"
UNNAMED = "what is random is in no ON CONFLICT"
SURVIVED = {
    ("0003", "uq_message_in_flight may refuse a row"): EARLY,
    ("0012", "uq_tenant_sms_from may refuse a row"): EARLY,
    ("0012", "uq_tenant_whatsapp_from may refuse a row"): EARLY,
    (
        "0014",
        "unique message_template.USING btree (tenant_id, type, channel) is gone or another",
    ): EARLY,
    (
        "0022",
        "unique notification.USING btree (tenant_id, appointment_id, type, step, starts_at)"
        " is gone or another",
    ): EARLY,
    ("0069", "unique message.USING btree (public_id) is gone or another"): UNNAMED,
    ("0069", "unique notification.USING btree (public_id) is gone or another"): UNNAMED,
    (
        "0069",
        "unique notification.USING btree (link) WHERE (link IS NOT NULL) is gone or another",
    ): UNNAMED,
    (
        "0077",
        "unique whatsapp_template.USING btree (tenant_id, name, language) is gone or another",
    ): WIDER,
    ("0077", "uq_whatsapp_template_tenant_id_channel_name_language may refuse a row"): WIDER,
}
VERSIONS = Path(__file__).parents[2] / "migrations/versions"


def test_files_are_numbered_without_gaps_and_named_for_the_change() -> None:
    names = sorted(path.stem for path in VERSIONS.glob("*.py"))
    assert names, "there are migrations"
    for number, name in enumerate(names, start=1):
        assert re.fullmatch(rf"{number:04}_[a-z0-9_]+", name), name


def test_each_file_follows_the_one_before() -> None:
    previous = None
    for path in sorted(VERSIONS.glob("*.py")):
        values: dict[str, str | None] = {}
        for key in ("revision", "down_revision"):
            found = re.search(rf"^{key}\b[^=]*= (?:'(\w+)'|\"(\w+)\"|None)", path.read_text(), re.M)
            assert found, f"{path.name} has no {key}"
            values[key] = found.group(1) or found.group(2)
        assert values == {"revision": path.stem[:4], "down_revision": previous}
        previous = path.stem[:4]


@pytest.fixture(scope="module")
def fresh(servers: Urls, environ: dict[str, str]) -> Iterator[Flask]:
    """The program on an empty database of its own."""
    name = f"scratch_{secrets.token_hex(4)}"
    plain = servers.database.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = make_url(servers.database).set(database=name).render_as_string(hide_password=False)
    app = wsgi.build(environ | {"DATABASE_URL": url.replace("+psycopg", "")})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


@pytest.fixture(scope="module")
def steps(fresh: Flask) -> Steps:
    """The whole line, gone up once."""
    assert _tables() == set()
    noted, told = Steps(), fresh.extensions["migrate"].configure_args
    told["on_version_apply"] = noted
    flask_migrate.upgrade()
    del told["on_version_apply"]
    return noted


def test_the_code_before_a_migration_goes_on_working(steps: Steps) -> None:
    assert steps.count == len(list(VERSIONS.glob("*.py")))
    assert steps.breaks == SURVIVED.keys()


def test_what_breaks_the_code_before_is_noticed() -> None:
    there = {("column", "call", "at", "text"), ("unique", "call", "USING btree (sid)", "")}
    new = {("column", "call", "by", "text"), ("required", "call", "by", "")}
    assert set(broken(there, there | new)) == {"call.by has to be named"}
    assert set(broken(there, {*there, ("rule", "call", "short", "at")})) == {
        "short may refuse a row"
    }
    optional = {*there, ("column", "call", "by", "text"), ("rule", "call", "short", "at by")}
    assert not set(broken(there, optional))
    wider = {("rule", "call", "pk_call", "id")}, {("rule", "call", "pk_call", "tenant_id id")}
    assert not set(broken(there | wider[0], there | wider[1]))
    assert set(broken(there | wider[1], there | wider[0])) == {"pk_call may refuse a row"}
    assert set(broken(there, set())) == {
        "column call.at is gone or another",
        "unique call.USING btree (sid) is gone or another",
    }


def test_the_whole_line_goes_up_down_and_up_again(fresh: Flask, steps: Steps) -> None:
    assert _tables() == set(db.metadata.tables)
    flask_migrate.downgrade(revision="base")
    assert _tables() == set()
    flask_migrate.upgrade()
    assert _tables() == set(db.metadata.tables)


def test_the_models_are_what_the_migrations_make(fresh: Flask, steps: Steps) -> None:
    engine = create_engine(db.engine.url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []
    engine.dispose()
