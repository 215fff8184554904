"""Whether what a provider says of somebody holds (OpenID Connect Core 1.0, 3.1.3.7)."""

from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError
from joserfc.jwt import Token

from app.providers.openid.discovery import Metadata
from app.providers.openid.openid_client import OpenIDClient
from app.providers.openid.openid_errors import OpenIDError, Trouble

# Its clock may be so many seconds off.
LEEWAY = 60
# Core 2: a subject has 255 ASCII characters at most.
LONGEST_SUBJECT = 255


def held(
    client: OpenIDClient,
    metadata: Metadata,
    token: Token,
    nonce: str,
    access_token: str | None,
    now: datetime,
) -> dict[str, Any]:
    """Its claims. Raises OpenIDError: BAD_TOKEN, with the claim that does not hold."""
    asked = {
        "iss": {"essential": True, "value": metadata.issuer},
        "aud": {"essential": True, "value": client.id},
        "nonce": {"essential": True, "value": nonce},
        **{name: {"essential": True} for name in ("sub", "exp", "iat")},
    }
    params = {"nonce": nonce, "client_id": client.id, "access_token": access_token}
    claims = CodeIDToken(token.claims, token.header, asked, params)
    try:
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except JoseError as error:
        raise OpenIDError(Trouble.BAD_TOKEN, _named(error)) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise OpenIDError(Trouble.BAD_TOKEN, "its form") from error
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise OpenIDError(Trouble.BAD_TOKEN, "sub")
    return dict(claims)


def _named(error: JoseError) -> str:
    """The claim, which the error tells in one of two ways."""
    return str(getattr(error, "claim", "") or error.error)
