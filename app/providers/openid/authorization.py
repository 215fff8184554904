"""The way to the provider: what the browser is sent with, and what must come back."""

import secrets
from dataclasses import dataclass, field

from app.providers.openid.discovery import discovered
from app.providers.openid.guarded_session import guarded_session
from app.providers.openid.openid_client import OpenIDClient


@dataclass(frozen=True)
class Authorization:
    """One way there; each is used for one way back."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    """Of PKCE: what the code was asked for with (RFC 7636)."""


def begun(client: OpenIDClient, login_hint: str = "") -> tuple[str, Authorization]:
    """Where the browser is sent. Raises OpenIDError as `discovered` does."""
    metadata = discovered(client)
    one = Authorization(*(secrets.token_urlsafe(size) for size in (24, 24, 48)))
    session = guarded_session(client)
    url, _state = session.create_authorization_url(
        metadata.authorization_endpoint,
        state=one.state,
        code_verifier=one.verifier,
        nonce=one.nonce,
        login_hint=login_hint or None,
    )
    return url, one
