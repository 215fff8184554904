"""Sign-in to mailboxes at Google and Microsoft by tokens in the place of a password (OAuth 2.0,
RFC 6749; with PKCE, RFC 7636)."""

from app.providers.oauth.tokens import Tokens, exchanged, refreshed
from app.providers.oauth.vendors import VENDORS, Vendor

__all__ = ["VENDORS", "Tokens", "Vendor", "exchanged", "refreshed"]
