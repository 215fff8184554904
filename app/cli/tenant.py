import click
from flask.cli import AppGroup

from app import onboarding
from app.cli.plain import plain_errors

tenant = AppGroup("tenant", help="Businesses.")


@tenant.command("create")
@click.option("--slug", required=True, help="Its name in webhook URLs: small letters, hyphens.")
@click.option("--name", required=True, help="Its name as customers read it.")
@click.option("--timezone", required=True, help="IANA time zone, e.g. America/New_York.")
@click.option("--country", default="US", show_default=True, help="ISO code, for its numbers.")
@click.option("--sms-from", help="Its own number for SMS; else the platform's is used.")
@click.option("--whatsapp-from", help="Its own WhatsApp number; else the platform's is used.")
@click.option("--forward-calls-to", help="The telephone that rings when customers call.")
@click.option("--reply-to", help="The mailbox where answers to its emails go.")
def create(
    slug: str,
    name: str,
    timezone: str,
    country: str,
    sms_from: str | None,
    whatsapp_from: str | None,
    forward_calls_to: str | None,
    reply_to: str | None,
) -> None:
    """Make a business, with default message templates."""
    with plain_errors():
        made = onboarding.create_tenant(
            slug,
            name,
            timezone,
            country,
            sms_from,
            whatsapp_from,
            forward_calls_to,
            reply_to=reply_to,
        )
    click.echo(f"Created {made.name}. Twilio's webhooks go to /api/twilio/{made.slug}/sms")
