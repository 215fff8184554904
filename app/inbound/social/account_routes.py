"""Which business an event is of: by the account that the webhook names, remembered for some
seconds."""

from threading import Lock

from cachetools import TTLCache
from sqlalchemy import select

from app.extensions import direct_engine
from app.inbound.routing import REMEMBERED_SECONDS, Route
from app.models import ChannelAccount, Tenant
from app.tenancy import unscoped

# The object of a webhook: what it is the channel of.
CHANNEL_OF = {"page": "messenger", "instagram": "instagram"}

_routes: TTLCache[tuple[object, str, str], Route] = TTLCache(10_000, REMEMBERED_SECONDS)
_lock = Lock()


def route(channel: str, account: str) -> Route | None:
    """The business of the account, which vouches for what comes by it; None where nobody has
    connected it."""
    key = (direct_engine(), channel, account)
    with _lock:
        known = _routes.get(key)
    return known or _look_up(key)


def forget() -> None:
    """An account was connected, or is connected no more."""
    with _lock:
        _routes.clear()


def _look_up(key: tuple[object, str, str]) -> Route | None:
    _, channel, account = key
    query = (
        select(Tenant.id, Tenant.slug, Tenant.country, Tenant.timezone)
        .join(ChannelAccount, ChannelAccount.tenant_id == Tenant.id)
        .where(ChannelAccount.channel == channel, ChannelAccount.address == account)
    )
    with unscoped("a webhook names an account, and no business"), direct_engine().connect() as to:
        row = to.execute(query).one_or_none()
    if row is None:
        return None
    found = Route(row.id, row.slug, row.country, row.timezone, None, account, own=True)
    with _lock:
        _routes[key] = found
    return found
