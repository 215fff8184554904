"""Asks for tokens: for the code that a user's browser brought, or for a refresh token."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
import requests

from app.lib.mail.oauth_client import OAuthClient
from app.providers.imap.imap_errors import MailboxError, Trouble
from app.providers.oauth.vendors import Vendor

# To connect, and to answer.
TIMEOUT = (5.0, 10.0)
USUAL, LONGEST = timedelta(hours=1), timedelta(days=1)
# RFC 6749, 5.2: what no further try makes right.
DEAD = ("invalid_grant", "interaction_required", "consent_required")
OURS = ("invalid_client", "unauthorized_client")


@dataclass(frozen=True)
class Tokens:
    access: str = field(repr=False)
    ends_at: datetime
    refresh: str | None = field(default=None, repr=False)
    """Takes the place of the one before; None: that one stays."""
    address: str = ""
    """Whose mailbox it is, where that was told."""


def refreshed(vendor: Vendor, client: OAuthClient, refresh_token: str, now: datetime) -> Tokens:
    """Raises MailboxError: TOKEN_DEAD, NOT_SET_UP, TOKEN_UNTOLD."""
    asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _tokens(_post(vendor, client, asked), now)


def exchanged(
    vendor: Vendor, client: OAuthClient, code: str, verifier: str, redirect_uri: str, now: datetime
) -> Tokens:
    """Those that the code stands for; likewise, and TOKEN_DEAD without a refresh token."""
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    tokens = _tokens(_post(vendor, client, asked | {"code_verifier": verifier}), now)
    if tokens.refresh is None:
        raise MailboxError(Trouble.TOKEN_DEAD)
    return tokens


def _post(vendor: Vendor, client: OAuthClient, asked: Mapping[str, str]) -> Mapping[str, Any]:
    data = {**asked, "client_id": client.id, "client_secret": client.secret}
    try:
        answer = requests.post(vendor.token_url, data, timeout=TIMEOUT, allow_redirects=False)
        told = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise MailboxError(Trouble.TOKEN_UNTOLD) from error
    if answer.ok and isinstance(told, dict):
        return told
    raise MailboxError(_why(told.get("error") if isinstance(told, dict) else None))


def _why(code: object) -> Trouble:
    if code in DEAD:
        return Trouble.TOKEN_DEAD
    return Trouble.NOT_SET_UP if code in OURS else Trouble.TOKEN_UNTOLD


def _tokens(told: Mapping[str, Any], now: datetime) -> Tokens:
    access, seconds = told.get("access_token"), told.get("expires_in")
    if not isinstance(access, str) or not access.isascii() or not access.isprintable():
        raise MailboxError(Trouble.TOKEN_UNTOLD)
    known = isinstance(seconds, int) and 0 < seconds < LONGEST.total_seconds()
    lasts = timedelta(seconds=int(seconds)) if known and seconds else USUAL
    refresh = told.get("refresh_token")
    kept = refresh if isinstance(refresh, str) and refresh else None
    return Tokens(access, now + lasts, kept, _address(told.get("id_token")))


def _address(id_token: object) -> str:
    """Whom the token names. It comes from the vendor by TLS, whose word needs no signature (OpenID
    Connect Core, 3.1.3.7)."""
    try:
        claims = jwt.decode(str(id_token), options={"verify_signature": False})
    except jwt.PyJWTError:
        return ""
    return str(claims.get("email") or claims.get("preferred_username") or "")
