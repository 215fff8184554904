"""The address that a business's emails are posted to; the secret in it is all that lets one in."""

import secrets

from app.extensions import db, settings, vault
from app.lib.vault import VaultError
from app.models import Tenant


def inbound_url(tenant: Tenant, anew: bool = False) -> str:
    """The address, made the first time and with anew, which ends the former at once. Commits.

    Raises ValueError where the secret was sealed with a key that is gone.
    """
    if anew or tenant.email_token_sealed is None:
        tenant.email_token_sealed = vault().seal(secrets.token_urlsafe(24))
        db.session.commit()
    return f"{settings().public_url}/api/email/{tenant.slug}/inbound?token={_token(tenant)}"


def _token(tenant: Tenant) -> str:
    try:
        return vault().open(tenant.email_token_sealed or "")
    except VaultError:
        raise ValueError(
            "the stored address cannot be opened with these keys: make a new one with --new"
        ) from None
