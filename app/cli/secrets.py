"""`flask secrets rotate`."""

from collections.abc import Sequence
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import or_, select

from app.cli.command_errors import plain_errors
from app.extensions import db, vault
from app.lib.vault import VaultError
from app.models import (
    CalendarFeed,
    ChannelAccount,
    Mailbox,
    SingleSignOn,
    Tenant,
    User,
    WebhookEndpoint,
)
from app.tenancy import unscoped

Row = Tenant | Mailbox | WebhookEndpoint | ChannelAccount | SingleSignOn | User | CalendarFeed
Kind = type[Row]
COLUMNS: dict[Kind, tuple[str, ...]] = {
    Tenant: ("twilio_auth_token_sealed", "email_token_sealed"),
    Mailbox: (
        "password_sealed",
        "client_secret_sealed",
        "refresh_token_sealed",
        "access_token_sealed",
    ),
    WebhookEndpoint: ("secret_sealed", "old_secret_sealed"),
    ChannelAccount: ("token_sealed",),
    SingleSignOn: ("client_secret_sealed",),
    User: ("totp_sealed",),
    CalendarFeed: ("token_sealed",),
}

secrets = AppGroup("secrets", help="Secrets that rest encrypted in the database.")


@secrets.command("rotate")
def rotate() -> None:
    """Encrypt every stored secret anew with the first of ENCRYPTION_KEYS: Twilio tokens, those in
    addresses that emails are posted to, passwords and tokens of mailboxes, what signs webhooks,
    access to pages at Meta, keys of authenticator apps, secrets of single
    sign-on, addresses of calendar feeds.

    Put the new key in front, restart, run this, then take the old key away. The links to
    unsubscribe in emails that went out with it end then: leave it there for some months.
    """
    with plain_errors(), unscoped("the operator's key is one for all tenants"):
        rows = [row for kind, columns in COLUMNS.items() for row in _sealed(kind, columns)]
        for row in rows:
            _rotate(row)
        db.session.commit()
    click.echo(f"{len({_whose(row) for row in rows})} rotated")


def _sealed(kind: Kind, columns: tuple[str, ...]) -> Sequence[Any]:
    """Rows with a secret, locked: what others write to them waits."""
    filled = or_(*(getattr(kind, column).is_not(None) for column in columns))
    return db.session.scalars(select(kind).where(filled).with_for_update()).all()


def _rotate(row: Row) -> None:
    try:
        for column in COLUMNS[type(row)]:
            if sealed := getattr(row, column):
                setattr(row, column, vault().rotate(sealed))
    except VaultError as error:
        raise click.ClickException(
            f"a secret of {_called(row)} cannot be opened with these keys; nothing changed"
        ) from error


def _called(row: Row) -> str:
    whose = _whose(row)
    return f"“{db.session.get_one(Tenant, whose).slug}”" if whose else "an operator"


def _whose(row: Row) -> int | None:
    return row.id if isinstance(row, Tenant) else row.tenant_id
