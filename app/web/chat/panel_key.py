"""What a panel shows when it begins a session: that somebody was shown it, and since when."""

from itsdangerous import BadData, URLSafeTimedSerializer

from app.extensions import settings

# As long as somebody may leave a panel open before they write.
SECONDS = 24 * 3600


def make(tenant_id: int) -> str:
    return str(_keys().dumps(tenant_id))


def from_panel(key: str) -> bool:
    """Whether the caller was shown the panel of late."""
    try:
        _keys().loads(key, max_age=SECONDS)
    except BadData:
        return False
    return True


def _keys() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="chat panel")
