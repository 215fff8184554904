"""`flask tenant-partitions`."""

import click
from sqlalchemy import NullPool, create_engine

from app.extensions import db
from app.partitions import spread

# Who waits for the tables keeps others waiting behind it.
PATIENCE = "SET LOCAL lock_timeout = '10s'"


@click.command("tenant-partitions")
@click.argument("count", type=click.IntRange(0, 256))
@click.confirmation_option(
    prompt="Nobody can read or write messages, customers and appointments until it is done: about"
    " two minutes for a million messages. Stop webs and workers first. Go on?"
)
def tenant_partitions(count: int) -> None:
    """Put the tables that grow with what customers do into COUNT parts by tenant; 0: whole again.

    All of it happens or nothing. Each of two tables with as many parts has a tenant's rows in the
    same one. Take a backup first, and as much free disk as the database has.
    """
    if count == 1:
        raise click.UsageError("One part is the whole: say 0, or more.")
    in_parts(count)
    click.echo(f"In {count} parts by tenant." if count else "Whole again.")


def in_parts(count: int) -> None:
    """As who signs in to the database, whom no policy binds (migrations/env.py)."""
    engine = create_engine(
        db.engine.url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"prepare_threshold": None},
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(PATIENCE)
        spread.spread(connection, count)
