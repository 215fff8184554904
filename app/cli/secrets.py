import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.cli.command_errors import plain_errors
from app.extensions import db, vault
from app.lib.vault import VaultError
from app.models import Tenant

secrets = AppGroup("secrets", help="Secrets that rest encrypted in the database.")


@secrets.command("rotate")
def rotate() -> None:
    """Encrypt every stored Twilio token anew, with the first of ENCRYPTION_KEYS.

    Put the new key in front, restart, run this, then take the old key away. The links to
    unsubscribe in emails that went out with it end then: leave it there for some months.
    """
    with plain_errors():
        query = select(Tenant).where(Tenant.twilio_auth_token_sealed.is_not(None))
        tenants = db.session.scalars(query.with_for_update()).all()
        for tenant in tenants:
            _rotate(tenant)
        db.session.commit()
    click.echo(f"{len(tenants)} rotated")


def _rotate(tenant: Tenant) -> None:
    try:
        tenant.twilio_auth_token_sealed = vault().rotate(tenant.twilio_auth_token_sealed or "")
    except VaultError as error:
        raise click.ClickException(
            f"the token of “{tenant.slug}” cannot be opened with these keys; nothing changed"
        ) from error
