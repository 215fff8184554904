"""The way to Google or Microsoft and back (RFC 6749, 4.1): what comes back is taken once, from the
browser that was sent, and for the business that it was sent for."""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from urllib.parse import urlencode

from flask import request, session

from app.lib.mail.oauth_client import OAuthClient
from app.providers.oauth import Vendor
from app.tenancy import current_tenant_id

KEY = "mailbox_sign_in"


def way_there(vendor: Vendor, client: OAuthClient, back: str) -> str:
    """Where the browser is sent; back: where it returns to."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    session[KEY] = [vendor.key, current_tenant_id(), state, verifier]
    asked = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": back,
        "scope": vendor.scope,
        "state": state,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    return f"{vendor.authorize_url}?{urlencode(asked | dict(vendor.asked))}"


def brought_back(vendor: Vendor) -> tuple[str, str] | None:
    """The code and its verifier (PKCE, RFC 7636); None: they did not allow it, or this browser was
    not sent there, or for another business."""
    sent = session.pop(KEY, None)
    code, told = request.args.get("code", ""), request.args.get("state", "")
    if not code or sent is None or sent[:2] != [vendor.key, current_tenant_id()]:
        return None
    return (code, str(sent[3])) if compare_digest(str(sent[2]).encode(), told.encode()) else None


def _challenge(verifier: str) -> str:
    hashed = sha256(verifier.encode()).digest()
    return urlsafe_b64encode(hashed).decode().rstrip("=")
