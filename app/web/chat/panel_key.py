"""What a panel shows when it begins a session: that somebody was shown it, and since when."""

from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from app.extensions import settings

# As long as somebody may leave a panel open before they write.
LASTS = timedelta(hours=24)


def make(tenant_id: int, now: datetime) -> str:
    return str(_signer().dumps([tenant_id, now.timestamp()]))


def opened(key: str, tenant_id: int, now: datetime) -> datetime | None:
    """When the panel of that business was shown to whoever has the key; None: it was not, of
    late."""
    try:
        whose, at = _signer().loads(key)
    except BadData:
        return None
    shown = datetime.fromtimestamp(at, UTC)
    return shown if whose == tenant_id and now - shown < LASTS else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(list(settings().signing_keys), salt="panel key")
