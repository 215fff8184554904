"""The environment, read once and checked: a wrong key is named before anything starts."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from app.lib.mail import mail_server
from app.lib.mail.mail_server import LOOPBACK, MailServer
from app.lib.mail.oauth_client import OAuthClient
from app.lib.outside import networks
from app.lib.outside.networks import PrivateNetwork

TWILIO_API = "https://api.twilio.com"
META_GRAPH = "https://graph.facebook.com"
META_VERSION = "v26.0"
VERSION = re.compile(r"v\d{1,3}\.\d")
META_SECRETS = ("META_APP_SECRET", "META_INSTAGRAM_APP_SECRET")
OAUTH_CLIENTS = {
    "google": ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    "microsoft": ("MICROSOFT_CLIENT_ID", "MICROSOFT_CLIENT_SECRET"),
}
OAUTH_URLS = {"google": "GOOGLE_OAUTH_URL", "microsoft": "MICROSOFT_OAUTH_URL"}
SHORTEST_SECRET = 32
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
SAMPLE_SECRETS = ("change-me", "changeme", "secret", "dev", "replace-with")

Environment = Literal["development", "production"]
RowLevelSecurity = Literal["auto", "on", "off"]


class ConfigError(Exception):
    """The environment is wrong; the text is one line that says which key, and what to do."""


@dataclass(frozen=True)
class Settings:
    """What the environment asks for. Secrets stay out of the repr."""

    environment: Environment
    port: int
    bind: str
    """The address that the web listens on."""
    live_port: int
    """Where the streams listen (app/streams), on the same address."""
    live_url: str | None
    """Where browsers find them, if not where door.py looks by itself."""
    var_dir: Path
    archive_dir: Path | None
    """Where old messages are archived (app/retention); None: nowhere, so that none is deleted."""
    database_url: str | None
    pooled: bool
    """Whether it leads through a connection pooler (app/pooler.py)."""
    row_level_security: RowLevelSecurity
    """Behind the session hook: where the database has it, always, or not at all."""
    redis_url: str | None
    public_url: str
    operators_need_second_factor: bool
    trusted_hosts: tuple[str, ...]
    proxies: int
    """How many proxies of ours stand before us and say truly who called (TRUSTED_PROXIES)."""
    web_processes: int
    """How many gunicorn starts (gunicorn.conf.py reads WEB_CONCURRENCY itself)."""
    demo: bool
    twilio_account_sid: str | None
    twilio_from_number: str | None
    twilio_whatsapp_from: str | None
    twilio_api_url: str
    meta_graph_url: str
    meta_graph_version: str
    """Meta's Graph API, by which Messenger and Instagram go; each of its versions dies some day."""
    mail_server: MailServer | None
    email_from: str | None
    """The address that emails come from; answers go to each business's own."""
    oauth_clients: Mapping[str, OAuthClient]
    """Our apps at google and microsoft, where businesses connect their mailboxes by them."""
    oauth_urls: Mapping[str, str]
    """What stands in for google or microsoft, to develop and test."""
    private_networks: tuple[PrivateNetwork, ...]
    """Where tenants' webhooks and mail servers may be though it is not public."""
    dns_server: tuple[str, int] | None
    """Who is asked about the domain of email_from, to develop and test; None: this machine's."""
    inbound_email_domain: str | None
    """Below it each business has a domain of its own name, whose every address is posted to its
    inbound address; None: answers go to mailboxes."""
    _secrets: "Secrets"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def exposed(self) -> bool:
        """Whether others than this machine's users can come here."""
        hosts = (urlsplit(self.public_url).hostname or "", self.bind)
        return self.production or self.proxies > 0 or not all(map(is_loopback, hosts))

    @property
    def secret_key(self) -> str:
        return self._secrets.key

    @property
    def signing_keys(self) -> tuple[str, ...]:
        """What links and addresses are signed with, the oldest first."""
        return (*reversed(self.secret_key_fallbacks), self.secret_key)

    @property
    def secret_key_fallbacks(self) -> tuple[str, ...]:
        """Former SECRET_KEYs, newest first: what they signed or encrypted can still be read."""
        return self._secrets.fallbacks

    @property
    def encryption_keys(self) -> tuple[str, ...]:
        """Fernet keys, the one that encrypts first. Empty: derive them from the secret keys."""
        return self._secrets.encryption_keys

    @property
    def twilio_auth_token(self) -> str | None:
        return self._secrets.twilio_auth_token

    @property
    def meta_app_secrets(self) -> tuple[str, ...]:
        """What Meta signs webhooks with: our app's, and Instagram's own; none: we have no app."""
        return self._secrets.meta_app_secrets

    @property
    def meta_verify_token(self) -> str | None:
        """The word by which Meta asks whether the webhook's address is ours."""
        return self._secrets.meta_verify_token

    @property
    def metrics_token(self) -> str | None:
        """Who shows it reads /metrics from elsewhere, too."""
        return self._secrets.metrics_token


@dataclass(frozen=True, repr=False)
class Secrets:
    key: str
    fallbacks: tuple[str, ...]
    encryption_keys: tuple[str, ...]
    twilio_auth_token: str | None
    metrics_token: str | None = None
    meta_app_secrets: tuple[str, ...] = ()
    meta_verify_token: str | None = None


def load(environ: Mapping[str, str]) -> Settings:
    """Turn the environment into settings.

    Raises ConfigError, whose text is one line for the person who starts the program.
    """
    env = {key: value.strip() for key, value in environ.items() if value.strip()}
    port = _port(env)
    public_url = _url(env, "PUBLIC_URL", f"http://127.0.0.1:{port}")
    environment = _environment(env, public_url)
    var_dir = Path(env.get("VAR_DIR", "var")).absolute()
    _both_or_neither(env, "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    _both_or_neither(env, "SMTP_URL", "EMAIL_FROM")
    return Settings(
        environment=environment,
        port=port,
        bind=_bind(env, environment),
        live_port=_live_port(env, port),
        live_url=_url(env, "LIVE_URL", "") if "LIVE_URL" in env else None,
        var_dir=var_dir,
        archive_dir=_archive_dir(env, var_dir),
        database_url=_database_url(env),
        pooled=_pooled(env),
        row_level_security=_row_level_security(env),
        redis_url=_redis_url(env),
        public_url=public_url,
        operators_need_second_factor=_operators_need_second_factor(env),
        trusted_hosts=_trusted_hosts(env, environment, public_url),
        proxies=_count(env, "TRUSTED_PROXIES"),
        web_processes=_count(env, "WEB_CONCURRENCY", 2),
        demo=env.get("DEMO", "1") != "0",
        twilio_account_sid=env.get("TWILIO_ACCOUNT_SID"),
        twilio_from_number=env.get("TWILIO_FROM_NUMBER"),
        twilio_whatsapp_from=env.get("TWILIO_WHATSAPP_FROM"),
        twilio_api_url=_url(env, "TWILIO_API_URL", TWILIO_API),
        meta_graph_url=_url(env, "META_GRAPH_URL", META_GRAPH),
        meta_graph_version=_version(env),
        mail_server=_mail_server(env),
        email_from=_email_from(env),
        oauth_clients=_oauth_clients(env),
        oauth_urls=_oauth_urls(env),
        private_networks=_private_networks(env),
        dns_server=_dns_server(env),
        inbound_email_domain=_inbound_email_domain(env),
        _secrets=_secrets(env, environment, var_dir),
    )


def _version(env: Mapping[str, str]) -> str:
    text = env.get("META_GRAPH_VERSION", META_VERSION)
    if not VERSION.fullmatch(text):
        raise ConfigError(f"META_GRAPH_VERSION is {text!r}: give a version such as {META_VERSION}")
    return text


def _archive_dir(env: Mapping[str, str], var_dir: Path) -> Path | None:
    """Beside a database of our own. With one elsewhere nobody knows whether VAR_DIR lasts."""
    if "ARCHIVE_DIR" in env:
        return Path(env["ARCHIVE_DIR"]).absolute()
    return None if "DATABASE_URL" in env else var_dir / "archive"


def _port(env: Mapping[str, str], key: str = "PORT", default: int = 8000) -> int:
    text = env.get(key, str(default))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ConfigError(f"{key} is {text!r}: give a number from 1 to 65535")
    return int(text)


def _live_port(env: Mapping[str, str], port: int) -> int:
    live = _port(env, "LIVE_PORT", port + 2 if port < 65534 else port - 2)
    if live == port:
        raise ConfigError(f"LIVE_PORT is {live}: give a number that is not PORT's")
    return live


def _bind(env: Mapping[str, str], environment: Environment) -> str:
    """Everybody may call production; on a developer's machine only this machine may."""
    default = "0.0.0.0" if environment == "production" else "127.0.0.1"  # noqa: S104
    return env.get("BIND", default).strip("[]")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it. Of a name it is known only of localhost."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK


def _count(env: Mapping[str, str], key: str, default: int = 0) -> int:
    text = env.get(key, str(default))
    if not text.isdigit():
        raise ConfigError(f"{key} is {text!r}: give a number")
    return int(text)


def _url(env: Mapping[str, str], key: str, default: str) -> str:
    text = env.get(key, default).rstrip("/")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username:
        raise ConfigError(f"{key} is {text!r}: give an address such as https://inbox.example.com")
    return text


def _mail_server(env: Mapping[str, str]) -> MailServer | None:
    text = env.get("SMTP_URL")
    try:
        return mail_server.parse(text) if text else None
    except ValueError:
        # The address may hold a password: it is not repeated.
        raise ConfigError(
            "SMTP_URL is no address such as smtp://user:password@mail.example.com:587"
        ) from None


def _email_from(env: Mapping[str, str]) -> str | None:
    text = env.get("EMAIL_FROM")
    if text is None:
        return None
    # Here, as it brings a client of the DNS.
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ConfigError(
            f"EMAIL_FROM is {text!r}: give an address such as inbox@example.com"
        ) from None
    return checked.normalized


def _oauth_clients(env: Mapping[str, str]) -> dict[str, OAuthClient]:
    for id_, secret in OAUTH_CLIENTS.values():
        _both_or_neither(env, id_, secret)
    return {
        name: OAuthClient(env[id_], env[secret])
        for name, (id_, secret) in OAUTH_CLIENTS.items()
        if id_ in env
    }


def _oauth_urls(env: Mapping[str, str]) -> dict[str, str]:
    return {name: _url(env, key, "") for name, key in OAUTH_URLS.items() if key in env}


def _private_networks(env: Mapping[str, str]) -> tuple[PrivateNetwork, ...]:
    try:
        return tuple(map(networks.parse, _listed(env, "ALLOWED_PRIVATE_NETWORKS")))
    except ValueError:
        raise ConfigError(
            "ALLOWED_PRIVATE_NETWORKS is no list such as 10.1.0.0/16,127.0.0.1:8080"
        ) from None


def _dns_server(env: Mapping[str, str]) -> tuple[str, int] | None:
    text = env.get("DNS_SERVER")
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    try:
        return str(ip_address(host.strip("[]"))), int(port)
    except ValueError:
        raise ConfigError(f"DNS_SERVER is {text!r}: give an address such as 127.0.0.1:53") from None


def _inbound_email_domain(env: Mapping[str, str]) -> str | None:
    text = env.get("INBOUND_EMAIL_DOMAIN", "").lower().removeprefix("@").rstrip(".")
    if text and not DOMAIN.fullmatch(text):
        raise ConfigError(f"INBOUND_EMAIL_DOMAIN is {text!r}: give a domain such as in.example.com")
    return text or None


def _environment(env: Mapping[str, str], public_url: str) -> Environment:
    # Called over https means production, unless they say otherwise (a tunnel to a laptop).
    default = "production" if public_url.startswith("https://") else "development"
    name = env.get("ENVIRONMENT", default)
    if name == "production":
        return "production"
    if name == "development":
        return "development"
    raise ConfigError(f"ENVIRONMENT is {name!r}: give development or production")


def _database_url(env: Mapping[str, str]) -> str | None:
    url = env.get("DATABASE_URL")
    if url is None:
        return None
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in ("postgres", "postgresql"):
        raise ConfigError(
            "DATABASE_URL must begin with postgresql:// (no other database is supported)"
        )
    return f"postgresql+psycopg://{rest}"


def _pooled(env: Mapping[str, str]) -> bool:
    match env.get("DATABASE_POOLER", "none"):
        case "none" | "transaction" as pooler:
            return pooler == "transaction"
        case other:
            raise ConfigError(f"DATABASE_POOLER is {other!r}: give transaction or none")


def _operators_need_second_factor(env: Mapping[str, str]) -> bool:
    match env.get("OPERATORS_SECOND_FACTOR", "optional"):
        case "optional" | "required" as wanted:
            return wanted == "required"
        case other:
            raise ConfigError(f"OPERATORS_SECOND_FACTOR is {other!r}: give required or optional")


def _row_level_security(env: Mapping[str, str]) -> RowLevelSecurity:
    match env.get("ROW_LEVEL_SECURITY", "auto"):
        case "auto" | "on" | "off" as wanted:
            return wanted
        case other:
            raise ConfigError(f"ROW_LEVEL_SECURITY is {other!r}: give auto, on or off")


def _redis_url(env: Mapping[str, str]) -> str | None:
    url = env.get("REDIS_URL")
    if url is not None and not url.startswith(("redis://", "rediss://", "unix://")):
        raise ConfigError("REDIS_URL must begin with redis://, rediss:// or unix://")
    return url


def _trusted_hosts(
    env: Mapping[str, str], environment: Environment, public_url: str
) -> tuple[str, ...]:
    named = tuple(host.strip() for host in env.get("TRUSTED_HOSTS", "").split(",") if host.strip())
    local = () if environment == "production" else ("localhost", "127.0.0.1", "[::1]")
    return (urlsplit(public_url).hostname or "", *local, *named)


def _both_or_neither(env: Mapping[str, str], one: str, other: str) -> None:
    if (one in env) != (other in env):
        missing = other if one in env else one
        raise ConfigError(f"{missing} is missing: {one} and {other} go together")


def _secrets(env: Mapping[str, str], environment: Environment, var_dir: Path) -> Secrets:
    return Secrets(
        key=_secret_key(env, environment, var_dir),
        fallbacks=_listed(env, "SECRET_KEY_FALLBACKS"),
        encryption_keys=_fernet_keys(env),
        twilio_auth_token=env.get("TWILIO_AUTH_TOKEN"),
        metrics_token=env.get("METRICS_TOKEN"),
        meta_app_secrets=tuple(env[key] for key in META_SECRETS if key in env),
        meta_verify_token=env.get("META_VERIFY_TOKEN"),
    )


def _listed(env: Mapping[str, str], key: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in env.get(key, "").split(",") if part.strip())


def _secret_key(env: Mapping[str, str], environment: Environment, var_dir: Path) -> str:
    key = env.get("SECRET_KEY")
    if environment == "development":
        return key or _own_secret(var_dir)
    if key is None:
        raise ConfigError(
            "SECRET_KEY is missing: production needs one, e.g. `openssl rand -hex 32`"
        )
    if len(key) < SHORTEST_SECRET or key.lower().startswith(SAMPLE_SECRETS):
        raise ConfigError(
            "SECRET_KEY is a sample or too short: make one with `openssl rand -hex 32`"
        )
    return key


def _own_secret(var_dir: Path) -> str:
    """A developer's secret key, made once for this folder so that sign-ins outlast a restart."""
    path = var_dir / "secret_key"
    var_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text()


def _fernet_keys(env: Mapping[str, str]) -> tuple[str, ...]:
    keys = _listed(env, "ENCRYPTION_KEYS")
    for key in keys:
        _check_fernet_key(key)
    return keys


def _check_fernet_key(key: str) -> None:
    # Here, since most that read the settings encrypt nothing.
    from cryptography.fernet import Fernet

    try:
        Fernet(key)
    except ValueError:
        raise ConfigError(
            "ENCRYPTION_KEYS has a key that is no Fernet key (44 characters of base64)"
        ) from None
