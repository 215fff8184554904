import click
from flask.cli import AppGroup

from app.cli.command_errors import find_tenant, plain_errors
from app.inbound.emails.email_address import inbound_url

email = AppGroup("email", help="Emails that come in.")


@email.command("address")
@click.option("--tenant", "slug", required=True, help="The business's name in webhook URLs.")
@click.option("--new", is_flag=True, help="Make another; the former takes nothing any more.")
def address(slug: str, new: bool) -> None:
    """Print where SendGrid, Mailgun or Postmark post the business's emails. Keep it secret."""
    with plain_errors():
        click.echo(inbound_url(find_tenant(slug), new))
