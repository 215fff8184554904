from dataclasses import dataclass, field


@dataclass(frozen=True)
class OAuthClient:
    """Who asks Google or Microsoft for tokens: an app that is registered there (RFC 6749)."""

    id: str
    secret: str = field(repr=False)
