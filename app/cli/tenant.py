"""`flask tenant …`: businesses."""

import click
from flask.cli import AppGroup

from app import onboarding
from app.cli.command_errors import find_tenant, plain_errors
from app.extensions import db
from app.lib.telephone.destination import country_name
from app.tenancy import tenant_scope
from app.users.sso import sso_settings

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


@tenant.command("open-countries")
@click.option("--slug", required=True, help="The business's name in webhook URLs.")
@click.option("--countries", required=True, help='ISO codes such as DE,AT; "" closes all.')
def open_countries(slug: str, countries: str) -> None:
    """Say where else a business may text and call by your Twilio account."""
    with plain_errors():
        business = find_tenant(slug)
        onboarding.open_countries(business, countries.replace(",", " ").split())
    named = ", ".join(map(country_name, [business.country, *business.open_countries]))
    click.echo(f"By your account {business.name} texts and calls: {named}.")


@tenant.command("allow-passwords")
@click.option("--slug", required=True, help="The business's name in webhook URLs.")
def allow_passwords(slug: str) -> None:
    """Let passwords in again, where a business signs in by its provider only, which fails."""
    with plain_errors(), tenant_scope(find_tenant(slug).id):
        was_required = sso_settings.let_passwords_in()
        db.session.commit()
    click.echo(f"Passwords let in again at {slug}." if was_required else "They let in already.")
