"""Alembic runs the migrations as who signs in to the database, whom no policy binds."""

import sys

from alembic import context
from flask import current_app
from sqlalchemy import NullPool, create_engine

from app.row_security import establish

migrate = current_app.extensions["migrate"]
wanted = current_app.extensions["settings"].row_level_security


def run() -> None:
    engine = create_engine(
        migrate.db.engine.url,
        poolclass=NullPool,
        hide_parameters=True,
        # Nothing would be left in the sessions of a pooler (app/pooler.py).
        connect_args={"prepare_threshold": None},
    )
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
            # In the same transaction: no new table is seen without its policies.
            lacking = establish(connection) if wanted != "off" else None
    if lacking:
        _tell(f"Row-level security is not set up: {lacking}.")


def _tell(line: str) -> None:
    if wanted == "on":
        sys.exit(f"kaivox: {line}")
    print(line, file=sys.stderr)


run()
