"""The environment that every part gets."""

import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from app.config import Settings
from app.servers import Urls, authorities, kept
from app.supervisor.listen_addresses import Address

DEMO_NUMBER = "+14155550100"
DEMO_SENDER = "messages@kaivox.example"
DEMO_INBOUND_DOMAIN = "in.kaivox.example"


def for_everybody(settings: Settings, env: Mapping[str, str], urls: Urls) -> dict[str, str]:
    """What was given, with the gaps filled."""
    return {
        "ARCHIVE_DIR": str(settings.archive_dir or settings.var_dir / "archive"),
        **env,
        "PORT": str(settings.port),
        "VAR_DIR": str(settings.var_dir),
        "DATABASE_URL": urls.database,
        "REDIS_URL": urls.redis,
        "SECRET_KEY": settings.secret_key,
        "PUBLIC_URL": settings.public_url,
        "PYTHONUNBUFFERED": "1",
        # glibc: as many threads as there are would else keep freed memory each for its own, and
        # more of it with each large block that was freed.
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_TRIM_THRESHOLD_": "131072",
        # Read as the program is imported, before gunicorn.conf.py comes to set it.
        "PROMETHEUS_MULTIPROC_DIR": str(settings.var_dir.absolute() / "metrics"),
    }


def wants_simulator(env: Mapping[str, str]) -> bool:
    """Not with a stand-in elsewhere, nor with credentials for the real Twilio."""
    real = "TWILIO_ACCOUNT_SID" in env and "TWILIO_AUTH_TOKEN" in env
    return "TWILIO_API_URL" not in env and not real


def with_simulator(env: Mapping[str, str], var_dir: Path, address: Address) -> dict[str, str]:
    """The environment in which Twilio is our simulator."""
    return {
        "TWILIO_FROM_NUMBER": DEMO_NUMBER,
        "TWILIO_WHATSAPP_FROM": DEMO_NUMBER,
        **env,
        "TWILIO_API_URL": f"http://{address}",
        "TWILIO_ACCOUNT_SID": kept.secret(var_dir / "simulator.account_sid", _account_sid),
        "TWILIO_AUTH_TOKEN": kept.secret(var_dir / "simulator.auth_token", _auth_token),
        **_meta(env, var_dir, address),
        "SIMULATOR_PORT": str(address.port),
        "SIMULATOR_DIR": str(var_dir / "simulator"),
        # It takes webhooks, too.
        "ALLOWED_PRIVATE_NETWORKS": _and(env.get("ALLOWED_PRIVATE_NETWORKS", ""), str(address)),
    }


def _meta(env: Mapping[str, str], var_dir: Path, address: Address) -> dict[str, str]:
    """The same of Meta, unless there is an app of ours or another stand-in."""
    if "META_APP_SECRET" in env or "META_GRAPH_URL" in env:
        return {}
    return {
        "META_GRAPH_URL": f"http://{address}/graph",
        "META_APP_SECRET": kept.secret(var_dir / "simulator.meta_app_secret", _auth_token),
        "META_VERIFY_TOKEN": kept.secret(var_dir / "simulator.meta_verify_token", _auth_token),
    }


def with_mailboxes(
    env: Mapping[str, str], var_dir: Path, smtp: Address, imap: Address
) -> dict[str, str]:
    """The environment in which emails go to our simulator, and mailboxes are read there: its
    certificate is trusted beside those of everybody."""
    password = kept.secret(var_dir / "simulator.smtp_password", _auth_token)
    pem = kept.secret(var_dir / "simulator.pem", lambda: _certificate(imap.host))
    trusted = var_dir / "authorities.pem"
    kept.write_private(trusted, authorities.trusted(pem, env.get("SSL_CERT_FILE", "")))
    return {
        **env,
        "SMTP_URL": f"smtp://simulator:{password}@{smtp}",
        "EMAIL_FROM": DEMO_SENDER,
        "INBOUND_EMAIL_DOMAIN": DEMO_INBOUND_DOMAIN,
        "SIMULATOR_SMTP_PORT": str(smtp.port),
        # By UDP it is asked there what the DNS says of that domain.
        "DNS_SERVER": str(smtp),
        "SIMULATOR_SMTP_PASSWORD": password,
        "SIMULATOR_IMAP_PORT": str(imap.port),
        "SIMULATOR_CERTIFICATE": str(var_dir / "simulator.pem"),
        "SSL_CERT_FILE": str(trusted),
        "ALLOWED_PRIVATE_NETWORKS": _and(env.get("ALLOWED_PRIVATE_NETWORKS", ""), str(imap)),
    }


def _certificate(name: str) -> str:
    # In a process that ends: what makes it would stay in the memory of ours.
    command = [sys.executable, "-m", "app.servers.certificate", name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _and(listed: str, one: str) -> str:
    return f"{listed},{one}" if listed else one


def _account_sid() -> str:
    return f"AC{secrets.token_hex(16)}"


def _auth_token() -> str:
    return secrets.token_hex(16)
