"""The settings of the product that runs on a folder, for commands in another terminal: without
them they would know its database, and neither its numbers nor its keys."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.servers import kept
from app.servers.running import current

KEYS = (
    *("PORT", "PUBLIC_URL", "ENVIRONMENT", "TRUSTED_HOSTS", "TRUSTED_PROXIES"),
    *("LIVE_PORT", "LIVE_URL"),
    *("SECRET_KEY", "SECRET_KEY_FALLBACKS", "ENCRYPTION_KEYS"),
    *("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_URL"),
    *("META_APP_SECRET", "META_INSTAGRAM_APP_SECRET", "META_VERIFY_TOKEN"),
    *("META_GRAPH_URL", "META_GRAPH_VERSION"),
    *("TWILIO_FROM_NUMBER", "TWILIO_WHATSAPP_FROM", "SMTP_URL", "EMAIL_FROM"),
    "INBOUND_EMAIL_DOMAIN",
    *("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "GOOGLE_OAUTH_URL"),
    *("MICROSOFT_CLIENT_ID", "MICROSOFT_CLIENT_SECRET", "MICROSOFT_OAUTH_URL"),
    *("ALLOWED_PRIVATE_NETWORKS", "SSL_CERT_FILE"),
)


@contextmanager
def handed_down(var_dir: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Let with_settings() find them while the block runs."""
    known = {key: env[key] for key in KEYS if key in env}
    kept.write_private(_notice(var_dir), json.dumps(known))
    try:
        yield
    finally:
        _notice(var_dir).unlink(missing_ok=True)


def with_settings(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, its gaps filled with the settings of whoever runs the product on its
    folder now; as it is where it names a database of its own."""
    var_dir = Path(environ.get("VAR_DIR", "").strip() or "var")
    if environ.get("DATABASE_URL", "").strip() or not current(var_dir):
        return environ
    try:
        return {**json.loads(_notice(var_dir).read_text()), **environ}
    except (OSError, ValueError):
        return environ


def _notice(var_dir: Path) -> Path:
    return var_dir / "settings.json"
