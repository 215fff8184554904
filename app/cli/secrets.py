"""`flask secrets rotate`."""

from collections.abc import Sequence
from typing import TypeVar

import click
from flask.cli import AppGroup
from sqlalchemy import or_, select

from app.cli.command_errors import plain_errors
from app.extensions import db, vault
from app.lib.vault import VaultError
from app.models import Tenant, WebhookEndpoint
from app.tenancy import unscoped

COLUMNS: dict[type[Tenant | WebhookEndpoint], tuple[str, ...]] = {
    Tenant: ("twilio_auth_token_sealed", "email_token_sealed"),
    WebhookEndpoint: ("secret_sealed", "old_secret_sealed"),
}

Sealed = TypeVar("Sealed", Tenant, WebhookEndpoint)

secrets = AppGroup("secrets", help="Secrets that rest encrypted in the database.")


@secrets.command("rotate")
def rotate() -> None:
    """Encrypt every stored Twilio token, the secret in each address that emails are posted to, and
    those that sign webhooks, anew with the first of ENCRYPTION_KEYS.

    Put the new key in front, restart, run this, then take the old key away. The links to
    unsubscribe in emails that went out with it end then: leave it there for some months.
    """
    with plain_errors(), unscoped("the operator's key seals the secrets of all tenants"):
        slugs = {*map(_rotate, _sealed(Tenant)), *map(_rotate, _sealed(WebhookEndpoint))}
        db.session.commit()
    click.echo(f"{len(slugs)} rotated")


def _sealed(kind: type[Sealed]) -> Sequence[Sealed]:
    there = [getattr(kind, column).is_not(None) for column in COLUMNS[kind]]
    return db.session.scalars(select(kind).where(or_(*there)).with_for_update()).all()


def _rotate(row: Tenant | WebhookEndpoint) -> str:
    """The slug of whose it is."""
    tenant = row if isinstance(row, Tenant) else db.session.get_one(Tenant, row.tenant_id)
    try:
        for column in COLUMNS[type(row)]:
            if sealed := getattr(row, column):
                setattr(row, column, vault().rotate(sealed))
    except VaultError as error:
        raise click.ClickException(
            f"a secret of “{tenant.slug}” cannot be opened with these keys; nothing changed"
        ) from error
    return tenant.slug
