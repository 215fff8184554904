"""`flask secrets rotate`."""

import click
from flask.cli import AppGroup
from sqlalchemy import or_, select

from app.cli.command_errors import plain_errors
from app.extensions import db, vault
from app.lib.vault import VaultError
from app.models import Tenant

COLUMNS = ("twilio_auth_token_sealed", "email_token_sealed")

secrets = AppGroup("secrets", help="Secrets that rest encrypted in the database.")


@secrets.command("rotate")
def rotate() -> None:
    """Encrypt every stored Twilio token, and the secret in each address that emails are posted to,
    anew with the first of ENCRYPTION_KEYS.

    Put the new key in front, restart, run this, then take the old key away. The links to
    unsubscribe in emails that went out with it end then: leave it there for some months.
    """
    with plain_errors():
        sealed = [getattr(Tenant, column).is_not(None) for column in COLUMNS]
        query = select(Tenant).where(or_(*sealed))
        tenants = db.session.scalars(query.with_for_update()).all()
        for tenant in tenants:
            _rotate(tenant)
        db.session.commit()
    click.echo(f"{len(tenants)} rotated")


def _rotate(tenant: Tenant) -> None:
    try:
        for column in COLUMNS:
            if sealed := getattr(tenant, column):
                setattr(tenant, column, vault().rotate(sealed))
    except VaultError as error:
        raise click.ClickException(
            f"a secret of “{tenant.slug}” cannot be opened with these keys; nothing changed"
        ) from error
