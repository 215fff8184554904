"""`flask api-key create`."""

import click
from flask.cli import AppGroup

from app.api_keys import keys
from app.api_keys.scopes import SCOPES
from app.cli.command_errors import find_tenant, plain_errors
from app.extensions import db
from app.lib.time.clock import now
from app.tenancy import tenant_scope

api_key = AppGroup("api-key", help="Keys by which a business's own programs use the API.")


@api_key.command("create")
@click.option("--tenant", "slug", required=True, help="The slug of the business.")
@click.option(
    "--scopes", required=True, help=f"What it may, with commas between: {', '.join(SCOPES)}."
)
@click.option("--name", default="Made by a command", help="As the page API keys shows it.")
def create(slug: str, scopes: str, name: str) -> None:
    """Make a key and print it. It is shown this once."""
    wanted = [each.strip() for each in scopes.split(",") if each.strip()]
    with plain_errors():
        tenant = find_tenant(slug)
        with tenant_scope(tenant.id):
            _, whole = keys.make(name, wanted, now())
            db.session.commit()
            click.echo(whole)
