"""Flask-Migrate, imported by whoever migrates: it brings Alembic, 9 MB."""

from pathlib import Path
from typing import Any

import click
from flask import Flask

from app.extensions import db

FOLDER = Path(__file__).parents[2] / "migrations"


class Migrations:
    """Stands in `app.extensions["migrate"]` until something of it is asked for."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory=str(FOLDER))
        return getattr(self._app.extensions["migrate"], name)


def init_app(app: Flask) -> None:
    """With the command `flask db`, where there are commands."""
    app.extensions["migrate"] = Migrations(app)
    if click.get_current_context(silent=True):
        from flask_migrate.cli import db as group

        app.cli.add_command(group)
