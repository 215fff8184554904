"""Which tenant a webhook is for: by the slug in its URL, remembered for a few seconds."""

from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache
from sqlalchemy import select

from app.extensions import direct_engine, settings
from app.models import Tenant
from app.models.consent import PLATFORM

REMEMBERED_SECONDS = 5


@dataclass(frozen=True)
class Route:
    tenant_id: int
    slug: str
    country: str
    timezone: str
    token_sealed: str | None
    """The auth token of the tenant's own Twilio account, sealed; None: the platform's signs."""
    account_sid: str = ""
    """The Twilio account that vouches for what comes by this route: whose token signs, or in whose
    list it stood. Empty: there is none."""
    own: bool = False
    """Whether that account is the tenant's own."""
    email_token_sealed: str | None = None
    """The secret in the address that its emails are posted to, sealed; None: none come in."""

    @property
    def voucher(self) -> str:
        """Under which account a STOP or START stands that comes by this route: the tenant's own,
        or empty for the platform's, whatever is entered as the SID of either."""
        return self.account_sid if self.own else PLATFORM


_routes: TTLCache[tuple[object, str], Route] = TTLCache(maxsize=10_000, ttl=REMEMBERED_SECONDS)
_lock = Lock()


def route(slug: str, fresh: bool = False) -> Route | None:
    """The tenant of that slug; None where there is none. With fresh, what is remembered is not
    trusted."""
    key = (direct_engine(), slug)
    with _lock:
        known = None if fresh else _routes.get(key)
    return known or _look_up(key)


def _look_up(key: tuple[object, str]) -> Route | None:
    columns = (
        Tenant.id,
        Tenant.slug,
        Tenant.country,
        Tenant.timezone,
        Tenant.twilio_auth_token_sealed,
        Tenant.twilio_account_sid,
        Tenant.email_token_sealed,
    )
    with direct_engine().connect() as connection:
        row = connection.execute(select(*columns).where(Tenant.slug == key[1])).one_or_none()
    if row is None:
        return None
    tenant_id, slug, country, timezone, sealed, own, email = row
    if own == settings().twilio_account_sid:
        # With a token of its own nobody speaks for the platform's account.
        sealed = None
    account_sid = own if sealed else settings().twilio_account_sid
    theirs = bool(sealed)
    found = Route(tenant_id, slug, country, timezone, sealed, account_sid or "", theirs, email)
    with _lock:
        _routes[key] = found
    return found
