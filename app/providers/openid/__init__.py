"""Single sign-on: asks a business's own OpenID provider who somebody is (OpenID Connect Core 1.0;
the authorization code flow, RFC 6749, with PKCE, RFC 7636)."""

from app.providers.openid.ask_identity import Identity, ask_identity, check_provider
from app.providers.openid.authorization import Authorization, begun
from app.providers.openid.openid_client import OpenIDClient
from app.providers.openid.openid_errors import OpenIDError, Trouble

__all__ = [
    "Authorization",
    "Identity",
    "OpenIDClient",
    "OpenIDError",
    "Trouble",
    "ask_identity",
    "begun",
    "check_provider",
]
