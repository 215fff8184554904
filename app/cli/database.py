"""`flask database compact`."""

import click
import psycopg
from flask.cli import AppGroup

from app.cli.command_errors import plain_errors
from app.extensions import settings
from app.retention.compact import compact as compacted
from app.retention.pace import Pace

MB = 1_000_000
POOLED = (
    "DATABASE_POOLER is set, and a pooler would give what is set for this to others: set it to"
    " none, and DATABASE_URL to the database itself."
)
STOPPED = "It stopped, and nothing is lost; it can be begun again. PostgreSQL says:"

database = AppGroup("database", help="The disk that the database takes.")


@database.command("compact")
def compact() -> None:
    """Give disk back to the operating system after many messages were deleted.

    Rows move from the end of their tables into free room, in batches of less than 100 ms, and
    indexes are made anew beside the old ones: nobody is kept from working. Run it by night, on the
    database itself (not by way of PgBouncer), with free disk for the largest index.
    """
    if settings().pooled:
        raise click.ClickException(POOLED)
    with plain_errors():
        pace = Pace(fewest=1)
        try:
            for table, before, after in compacted(pace):
                click.echo(f"{table}: {before / MB:,.0f} MB, now {after / MB:,.0f} MB")
        except psycopg.Error as error:
            raise click.ClickException(f"{STOPPED} {error.diag.message_primary or ''}") from error
        click.echo(f"no lock held for longer than {1000 * pace.longest:,.0f} ms")
