"""`flask demo`."""

import logging

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from app import demo as demo_business
from app.cli.command_errors import plain_errors
from app.extensions import db, settings
from app.models import Tenant


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Make a demo business with realistic data, and say how to sign in."""
    with plain_errors():
        people = demo_business.create()
    _tell(people)


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Bring the database up to date; make the demo business where it is empty (see DEMO)."""
    # Before it comes, as it tells of itself while it does.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Here, as no other command brings it (migrations.py).
    import flask_migrate

    with plain_errors():
        flask_migrate.upgrade()
        empty = not db.session.scalar(select(func.count()).select_from(Tenant))
        wanted = empty and settings().demo
        _tell(demo_business.create() if wanted else demo_business.known_people())


def _tell(people: list[demo_business.SignIn]) -> None:
    for person in people:
        click.echo(f"{person.role}: {person.email}  password: {person.password}")
