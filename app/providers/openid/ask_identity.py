"""Asks a provider who came back from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from app.providers.openid.authorization import Authorization
from app.providers.openid.discovery import Metadata, discovered
from app.providers.openid.guarded_session import guarded_session
from app.providers.openid.id_token import held
from app.providers.openid.json_answer import json_of
from app.providers.openid.openid_client import OpenIDClient
from app.providers.openid.openid_errors import OpenIDError, Trouble
from app.providers.openid.provider_keys import provider_keys, signed_by

# RFC 6749, 4.1.2.1; OpenID Connect Core 3.1.2.6.
SAID_NO = ("access_denied", "interaction_required", "consent_required", "login_required")
# Some write a word for the boolean. Entra ID has a claim of its own, which an app has to ask for:
# https://learn.microsoft.com/en-us/entra/identity-platform/optional-claims-reference
VERIFIED = ("email_verified", "xms_edov")
OURS = ("invalid_client", "unauthorized_client")


@dataclass(frozen=True)
class Identity:
    """Who somebody is there: the issuer and the subject together, for ever; the rest may change."""

    issuer: str
    subject: str
    email: str
    """As it is said there; empty: it is not."""
    email_verified: bool
    name: str
    methods: tuple[str, ...]
    """By what they have proved it there (amr, RFC 8176); empty: it is not said."""


def check_provider(client: OpenIDClient) -> None:
    """Whether somebody can be sent there, whatever was known of it. Raises OpenIDError."""
    provider_keys(client, discovered(client, anew=True), anew=True)


def ask_identity(
    client: OpenIDClient, one: Authorization, back: Mapping[str, str], now: datetime
) -> Identity:
    """Of whoever came back with these parameters. Raises OpenIDError."""
    metadata = discovered(client)
    _check_issuer(metadata, back)
    if error := back.get("error"):
        trouble = Trouble.NOT_ALLOWED if error in SAID_NO else Trouble.REFUSED
        raise OpenIDError(trouble, error[:100])
    session = guarded_session(client, token_endpoint_auth_method=_method(client, metadata))
    tokens = _tokens(session, metadata, back.get("code", ""), one.verifier)
    token = signed_by(client, metadata, str(tokens.get("id_token") or ""))
    access = tokens.get("access_token")
    claims = held(client, metadata, token, one.nonce, access, now)
    return _identity(metadata, _with_email(session, metadata, claims))


def _check_issuer(metadata: Metadata, back: Mapping[str, str]) -> None:
    """RFC 9207, 2.4: of one that names itself, an answer without its name is another's."""
    told = back.get("iss")
    if told is None and not metadata.names_itself:
        return
    if not compare_digest((told or "").encode(), metadata.issuer.encode()):
        raise OpenIDError(Trouble.MIXED_UP)


def _method(client: OpenIDClient, metadata: Metadata) -> str:
    """How the client proves itself; what is not told is client_secret_basic (Discovery 3)."""
    if not client.secret:
        return "none"
    known = metadata.auth_methods
    basic = not known or "client_secret_basic" in known or "client_secret_post" not in known
    return "client_secret_basic" if basic else "client_secret_post"


def _tokens(session: OAuth2Session, metadata: Metadata, code: str, verifier: str) -> dict[str, Any]:
    try:
        return dict(
            session.fetch_token(
                metadata.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                allow_redirects=False,
            )
        )
    except AuthlibBaseError as error:
        known = {"invalid_grant": Trouble.CODE_REFUSED} | dict.fromkeys(
            OURS, Trouble.CLIENT_REFUSED
        )
        told = str(error.error or "")[:100]
        raise OpenIDError(known.get(told, Trouble.REFUSED), told) from None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise OpenIDError(Trouble.UNREACHABLE) from error


def _with_email(
    session: OAuth2Session, metadata: Metadata, claims: dict[str, Any]
) -> dict[str, Any]:
    """With what the provider tells only who asks with the access token (Core 5.3 and 5.4): an email
    and whether it is verified are always of one answer."""
    if _is_verified(claims) or not metadata.userinfo_endpoint or not session.token:
        return claims
    more = json_of(session, metadata.userinfo_endpoint, Trouble.UNREACHABLE)
    # Core 5.3.2: another's answer is none.
    if more.get("sub") != claims["sub"]:
        raise OpenIDError(Trouble.BAD_TOKEN, "sub")
    return {"name": more.get("name"), **claims, **_words_of_email(more)}


def _words_of_email(told: Mapping[str, Any]) -> dict[str, Any]:
    names = ("email", *VERIFIED)
    return {name: told.get(name) for name in names} if told.get("email") else {}


def _identity(metadata: Metadata, claims: Mapping[str, Any]) -> Identity:
    methods = claims.get("amr")
    return Identity(
        metadata.issuer,
        claims["sub"],
        _text(claims, "email"),
        _is_verified(claims),
        _text(claims, "name"),
        tuple(each for each in methods if isinstance(each, str)) if methods else (),
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value[:320] if isinstance(value, str) else ""


def _is_verified(claims: Mapping[str, Any]) -> bool:
    told = [claims[name] for name in VERIFIED if claims.get(name) is not None]
    return bool(claims.get("email") and told) and str(told[0]).lower() in ("true", "1")
