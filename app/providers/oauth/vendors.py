"""Where Google and Microsoft ask their users, and give tokens. No business can name another place.

https://developers.google.com/identity/protocols/oauth2/web-server
https://learn.microsoft.com/en-us/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Vendor:
    key: str
    label: str
    authorize_url: str
    token_url: str
    scope: str
    imap_host: str
    asked: Mapping[str, str] = field(default_factory=dict)
    """What else the user's browser brings along, so that there is a refresh token each time."""

    def at(self, base: str | None) -> "Vendor":
        """The same, or a stand-in that the operator has named."""
        if base is None:
            return self
        return replace(self, authorize_url=f"{base}/authorize", token_url=f"{base}/token")


_MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0"
VENDORS = {
    "google": Vendor(
        key="google",
        label="Google",
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106
        scope="openid email https://mail.google.com/",
        imap_host="imap.gmail.com",
        asked={"access_type": "offline", "prompt": "consent"},
    ),
    "microsoft": Vendor(
        key="microsoft",
        label="Microsoft",
        authorize_url=f"{_MICROSOFT}/authorize",
        token_url=f"{_MICROSOFT}/token",
        # The token is for Outlook, not for Graph, which IMAP does not take.
        scope="openid email profile offline_access https://outlook.office.com/IMAP.AccessAsUser.All",
        imap_host="outlook.office365.com",
        asked={"prompt": "select_account"},
    ),
}
