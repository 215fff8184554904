from collections.abc import Collection
from dataclasses import dataclass, field

from app.lib.outside.networks import PrivateNetwork


@dataclass(frozen=True)
class OpenIDClient:
    """Who asks a provider: the app that a business has registered there for us."""

    issuer: str
    id: str
    secret: str = field(repr=False)
    """Empty: none, as PKCE is enough (a public client)."""
    redirect_uri: str
    private: Collection[PrivateNetwork] = ()
    """Where the operator lets providers be, beside the public internet."""
