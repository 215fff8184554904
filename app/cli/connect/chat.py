"""`flask chat enable`."""

import click
from flask.cli import AppGroup

from app.cli.command_errors import find_tenant, plain_errors
from app.extensions import db
from app.lib.time.clock import now
from app.tenancy import tenant_scope
from app.webchat import enable_chat

chat = AppGroup("chat", help="The live chat on a business's own site.")


@chat.command("enable")
@click.option("--tenant", "slug", required=True, help="The slug of the business.")
@click.option(
    "--sites",
    required=True,
    help="The sites that show it, such as https://www.salon.example,https://salon.example.",
)
def enable(slug: str, sites: str) -> None:
    """Switch it on for these sites, and no others. Prints the line of HTML for their pages."""
    with plain_errors():
        tenant = find_tenant(slug)
        with tenant_scope(tenant.id):
            enable_chat.enable(sites, now())
            db.session.commit()
            click.echo(enable_chat.line(tenant))
