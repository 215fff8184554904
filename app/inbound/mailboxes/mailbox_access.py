"""How one comes into a mailbox: what is stored of it, opened; access tokens, renewed in time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from app.extensions import settings, vault
from app.inbound.mailboxes.mailbox_lease import write
from app.lib.mail.oauth_client import OAuthClient
from app.lib.vault import VaultError
from app.models import Mailbox
from app.providers.imap import Access, MailboxError, Trouble
from app.providers.oauth import VENDORS, Tokens, Vendor, refreshed

# Before it ends. Google and Microsoft mind those who ask for a new one each time.
RENEWED = timedelta(minutes=5)


def access_to(mailbox: Mailbox) -> Access:
    """Raises MailboxError where what is stored cannot be opened."""
    by_token = mailbox.auth in VENDORS
    sealed = mailbox.access_token_sealed if by_token else mailbox.password_sealed
    return Access(
        host=mailbox.host,
        port=mailbox.port,
        tls=mailbox.security == "tls",
        user=mailbox.user_name,
        secret=opened(sealed),
        token=by_token,
        folder=mailbox.folder,
        private=settings().private_networks,
    )


def renewal(mailbox: Mailbox, now: datetime) -> Callable[[], Tokens] | None:
    """What asks for a new access token; None: none is needed. Raises MailboxError."""
    ends_at = mailbox.access_token_ends_at
    if mailbox.auth not in VENDORS or (ends_at and ends_at > now + RENEWED):
        return None
    client, refresh_token = client_of(mailbox), opened(mailbox.refresh_token_sealed)
    return partial(refreshed, vendor(mailbox.auth), client, refresh_token, now)


def keep(mailbox: Mailbox, tokens: Tokens) -> bool:
    """Store the tokens, all in one, committed; False: the mailbox is not ours to write any more."""
    values = sealed(tokens)
    for name, value in values.items():
        setattr(mailbox, name, value)
    return write(mailbox, **values)


def sealed(tokens: Tokens) -> dict[str, object]:
    """As they are stored; a refresh token that was not replaced stays."""
    values: dict[str, object] = {
        "access_token_sealed": vault().seal(tokens.access),
        "access_token_ends_at": tokens.ends_at,
    }
    return values | (
        {"refresh_token_sealed": vault().seal(tokens.refresh)} if tokens.refresh else {}
    )


def vendor(key: str) -> Vendor:
    """Google, Microsoft, or what stands in for them."""
    return VENDORS[key].at(settings().oauth_urls.get(key))


def client_of(mailbox: Mailbox) -> OAuthClient:
    """The business's own, or the operator's. Raises MailboxError where there is none."""
    if mailbox.client_id:
        return OAuthClient(mailbox.client_id, opened(mailbox.client_secret_sealed))
    ours = settings().oauth_clients.get(mailbox.auth)
    if ours is None:
        raise MailboxError(Trouble.NOT_SET_UP)
    return ours


def opened(sealed_text: str | None) -> str:
    """Raises MailboxError."""
    try:
        return vault().open(sealed_text or "")
    except VaultError:
        raise MailboxError(Trouble.SECRET_LOST) from None
